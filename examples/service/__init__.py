"""A matching service: FastAPI before it, PostgreSQL or SQLite behind it, gigmatch in the middle."""
