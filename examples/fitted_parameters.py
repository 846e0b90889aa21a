"""What a fit to the record changes: a thesis under its own priors, and under the posterior of the record.

First, in a shell: calibrate fit --quick --out results/fit
"""

from pathlib import Path

import sim
from sim.scenario import Scenario

POSTERIOR = Path("results/fit/posterior/shared.yaml")
RUNS = 20


def main():
    if not POSTERIOR.is_file():
        print(f"{POSTERIOR} is missing: run `calibrate fit --quick --out results/fit` first")
        return
    prior = Scenario.build("prior", thesis="dubnov", shared_priors="hand-set")
    posterior = Scenario.build("posterior", thesis="dubnov", parameters={"posterior": str(POSTERIOR)})
    for scenario in (prior, posterior):
        outcomes = sim.run(scenario, runs=RUNS, workers=2, progress=True).outcomes
        print(scenario.name, outcomes[["challenges", "street_falls", "integrated"]].mean().to_dict())


if __name__ == "__main__":
    main()
