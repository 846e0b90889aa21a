"""Citizens: who acts, what they resent, how their view of Moscow changes."""
