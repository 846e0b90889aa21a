"""What the documentation site makes when it is built: reference tables, and a check of its links."""
