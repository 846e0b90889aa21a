"""Check that a forecast is as it was written, and score it on the years that are on record by then.

It reads the last forecast of results/forecast (in a shell: calibrate forecast --out results/forecast), or
else the one that comes with the project, in docs/forecasts.
The record that comes with the package ends before the first year that is forecast. Until it goes on, there
is nothing to score, and this says so; what the forecast holds can be read all the same.
"""

from pathlib import Path

try:
    from calibration.forecast.file import ForecastError, read_forecast
    from calibration.forecast.judge import score_forecast
    from calibration.record.observed import observed_record
except ImportError as missing:
    raise SystemExit(f"{missing}: pip install 'post-soviet-scenarios[calibration]' brings it") from None

OWN = Path("results/forecast")
SHIPPED = Path(__file__).parent.parent / "docs" / "forecasts"


def main() -> None:
    found = sorted(OWN.glob("forecast_*.csv")) or sorted(SHIPPED.glob("forecast_*.csv"))
    if not found:
        print(f"{OWN} holds no forecast: run `calibrate forecast --out {OWN}` first")
        return
    print(found[-1])
    forecast = read_forecast(found[-1])  # refuses a file that has been changed
    print(f"Written on {forecast.date}, unchanged: SHA-256 {forecast.digest}")

    falls = forecast.table.query("forecaster == 'stacked' and outcome == 'fall'")
    ever = 1 - (1 - falls.set_index(["state", "year"]).value).groupby("state").prod()
    print("Chance of a fall in ten years, if years were independent:")
    print(ever.sort_values(ascending=False).round(2).head(5).to_string())

    try:
        scores = score_forecast(forecast, observed_record())
    except ForecastError as reason:
        print(f"Not scored: {reason}")
    else:
        print(scores[["forecaster", "measure", "score", "difference", "low", "high"]].to_string(index=False))


if __name__ == "__main__":
    main()
