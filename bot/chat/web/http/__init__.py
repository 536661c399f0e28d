"""Plain HTTP: routes, login, session cookies and security checks."""
