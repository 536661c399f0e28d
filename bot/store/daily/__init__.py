"""The daily question: the dates of a schedule, and the shuffle bag it draws from."""
