"""The documents, and in `docs.remake` what writes them."""
