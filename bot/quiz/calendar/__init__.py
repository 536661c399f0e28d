"""Local dates, cron lines, calendars and holidays."""
