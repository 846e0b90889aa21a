"""Change one parameter and plot an outcome's distribution with and without the change.

Edit the three names in capitals. Both scenarios share their random numbers: the difference is the parameter.
"""

from pathlib import Path

import sim
from sim import figures

PARAMETER, VALUE = "citizens.cohort_gap", 0.5
OUTCOME = "influence_change"
RUNS = 40


def main() -> None:
    shared = sim.load("baseline")
    spec = sim.catalogue()[PARAMETER]
    print(f"{PARAMETER}: {spec.meaning} ({spec.prior}; {spec.tag}: {spec.source})")

    changed = shared.with_parameters({PARAMETER: VALUE}, name=f"{PARAMETER} = {VALUE}")
    comparison = sim.compare([shared, changed], runs=RUNS, workers=2, progress=True)
    print(comparison.to_markdown([OUTCOME]))

    results = comparison.results
    source = figures.source_of(results.outcomes, results.about)
    figure = figures.plot_outcome(results.outcomes, OUTCOME, source)
    figures.save(figure, Path("tweak_a_parameter.png"))
    print("Drawn: tweak_a_parameter.png")


if __name__ == "__main__":  # workers need it only for a model of the script's own
    main()
