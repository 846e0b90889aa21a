"""Define an outcome of one's own, and see it in a comparison's table and figures.

An outcome is a function of one run's history: series as arrays, events, challenges, territories, draws. It is
computed from the stored runs, so it can be defined before or after they are made, and asks for no new ones.
"""

import sim
from sim import figures

RUNS = 30


@sim.outcome(label="longest challenge", unit="months")
def longest_challenge(history):
    """Months that the longest challenge to a regime in the region lasts; 0 without one."""
    ended = [found for found in history.challenged(history.region) if not found.is_open]
    return max((found.end - found.start + 1 for found in ended), default=0)


@sim.outcome(label="swing of Belarus", unit="-2 to 2")
def swing_of_belarus(history):
    """Highest alignment of Belarus with Moscow less its lowest."""
    path = history.frame("alignment")["BLR"]  # a column a state, a row a month
    return path.max() - path.min()


def main() -> None:
    comparison = sim.compare(["baseline", "milosevic"], runs=RUNS, workers=2, progress=True)
    print(comparison.to_markdown(["longest_challenge", "swing_of_belarus", "street_falls"]))
    print(comparison.results.outcomes.groupby("scenario")["longest_challenge"].describe().round(1))
    drawn = figures.draw_all(comparison.results, "own-outcomes", only=["outcomes", "differences"])
    print("Drawn:", ", ".join(str(path) for path in drawn))


if __name__ == "__main__":  # workers need it only for a model of the script's own
    main()
