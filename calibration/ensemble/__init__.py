"""The stored prior ensemble: many runs over the years on record, made once and read by every later step."""
