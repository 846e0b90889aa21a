"""Compare: scenarios side by side, claims, what is assumed, what the spread rests on."""
