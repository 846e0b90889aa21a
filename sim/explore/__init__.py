"""The page in the browser: choose scenarios, move their numbers, watch runs come in (extra ``explore``)."""
