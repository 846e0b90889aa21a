"""The posterior of the shared parameters, and the checks that say how far to trust it."""
