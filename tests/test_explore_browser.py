"""The page of ``sim explore`` in a real browser, and its server as others reach it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.explain.words import month_name
from sim.scenario import load
from tests.browser import browser
from tests.explored import (
    answered,
    choose,
    eventually,
    fill,
    opened,
    run,
    saved,
    serving,
    severe,
    table,
    talking,
    text,
)  # fmt: skip

pytestmark = pytest.mark.slow

HOSTILE = "</script><script>window.hostile = 1</script><img src=x onerror='window.hostile = 1'>{{ 1 + 1 }}"
SMALL = {"runs": "3", "years": "2", "citizens": "60"}
LONG = {"runs": "4000", "years": "20", "citizens": "1000"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve the page of a folder; return its port, and where the server keeps what it makes."""
    with serving(tmp_path_factory.mktemp("explore"), HOSTILE) as found:
        yield found


@pytest.fixture(scope="module")
def driver(served, tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        opened.set_window_size(1400, 1000)
        yield opened


@pytest.fixture
def page(served, driver):
    """Return a browser in which the page is open anew, small runs filled in."""
    opened(driver, served[0])
    for name, value in SMALL.items():
        fill(driver, name, value)
    return driver


# -- in the browser --------------------------------------------------------------------------------


def test_it_loads_without_a_network_and_runs_nothing_of_a_file(page, served):
    choose(page, "baseline", "hostile.yaml")
    assert page.execute_script("return window.hostile") is None
    assert HOSTILE in page.execute_script("return document.getElementById('form').textContent")
    run(page)
    assert page.execute_script("return window.hostile") is None
    drawn = page.execute_script(
        "return [...document.querySelectorAll('.chart')]"
        ".map((item) => item.querySelectorAll('svg path').length)"
    )
    assert len(drawn) == 4
    assert min(drawn) > 5
    assert severe(page) == []
    asked = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    sent = [item["params"] for item in asked if item["method"] == "Network.requestWillBeSent"]
    mine = f"http://127.0.0.1:{served[0]}/"
    urls = [item["request"]["url"] for item in sent if item["documentURL"] == mine]
    assert f"{mine}vega.js" in urls
    assert [url for url in urls if not url.startswith((mine, "data:", "blob:"))] == []


def test_a_slider_changes_the_answer_by_keyboard_and_the_file_that_is_saved(page, tmp_path):
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    slider = page.find_element("css selector", "[data-path='territories.window'] input[type=range]")
    slider.send_keys(Keys.END)
    value = page.find_element("css selector", "[data-path='territories.window'] .value").get_attribute(
        "value"
    )
    assert float(value) == float(slider.get_attribute("max"))
    page.find_element("css selector", "#numbers .more").send_keys("territories.integration_window=0.5\n")
    run(page)
    rows = table(page, "differences")
    assert list(rows["territories integrated"]) == ["dubnov", "dubnov-mine"]
    assert [name for name, row in rows.items() if row["dubnov"] != row["dubnov-mine"]]
    name, written = saved(page, "save")
    assert name == "dubnov-mine.yaml"
    (tmp_path / name).write_text(written, encoding="utf-8")
    assert CliRunner().invoke(main, ["check", str(tmp_path / name)]).output == f"{tmp_path / name}: fine\n"
    again = load(tmp_path / name)
    assert again.priors["territories.window"].centre == float(value)
    assert again.priors["territories.integration_window"].centre == 0.5
    assert (again.runs, again.years, again.citizens) == (3, 2, 60)

    name, report = saved(page, "report")
    assert name == "baseline-dubnov-dubnov-mine.html"
    assert "How to make it again" in report
    assert "sim compare baseline dubnov dubnov-mine.yaml --baseline baseline --runs 3" in report

    before = page.execute_script("return document.querySelector('#map-chart').innerHTML")
    year = page.find_element("css selector", "#map-controls input[type=range]")
    year.send_keys(Keys.HOME)
    eventually(lambda: page.execute_script("return document.querySelector('#map-chart').innerHTML") != before)
    page.find_element("css selector", "[data-path='territories.window'] .back").click()
    run(page)
    assert (
        table(page, "differences")["territories integrated"]["dubnov"]
        == rows["territories integrated"]["dubnov"]
    )
    assert {name: row["dubnov"] for name, row in table(page, "differences").items()} == {
        name: row["dubnov"] for name, row in rows.items()
    }
    kept = page.find_element("css selector", "#map-controls input[type=range]").get_attribute("value")
    assert kept == str(load("dubnov").start.year)  # what is looked at stays, though the chart is drawn anew
    assert severe(page) == []


def test_what_a_slider_did_is_seen_against_the_same_scenario_unmoved(page):
    from selenium.common.exceptions import StaleElementReferenceException  # noqa: PLC0415
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415
    from selenium.webdriver.support.select import Select  # noqa: PLC0415

    select = Select(page.find_element("id", "baseline"))
    assert [option.text for option in select.options][1:] == ["dubnov, as it is in its file"]
    run(page)
    assert list(table(page, "differences")["territories integrated"]) == ["dubnov"]
    moved = "[data-scenario='dubnov'] [data-path='territories.window']"
    select.select_by_value("dubnov")
    told = "return document.querySelector(`${arguments[0]} .note`)?.textContent ?? ''"
    in_shared = eventually(lambda: page.execute_script(told, moved))
    assert "; in baseline: " in in_shared  # its own numbers are held against the shared world
    assert text(page, "status") == "Press Run to compare with dubnov. Finished runs are used again."
    eventually(lambda: "dubnov-mine" not in text(page, "answer"))

    def moved_to_its_end():
        try:  # sliders are drawn anew where the baseline is another, once or twice
            page.find_element("css selector", f"{moved} input[type=range]").send_keys(Keys.END)
        except StaleElementReferenceException:
            return False
        return True

    eventually(moved_to_its_end)
    run(page)
    assert list(table(page, "differences")["territories integrated"]) == ["baseline", "dubnov-mine"]
    said = text(page, "answer")
    assert said.index("dubnov: most often") < said.index("dubnov-mine: most often")
    mine = said.partition("dubnov-mine: ")[2]
    assert "from dubnov" in mine.replace("\n", " ")
    assert page.find_element("id", "which").get_attribute("value") == "dubnov"
    assert saved(page, "report")[0] == "baseline-dubnov-dubnov-mine.html"


def test_a_moved_number_that_has_no_slider_any_more_is_listed_and_can_be_undone(page):
    from selenium.webdriver.support.select import Select  # noqa: PLC0415

    def holds(selector, number):
        script = "return document.querySelectorAll(arguments[0]).length"
        return eventually(lambda: page.execute_script(script, selector) == number)

    select = Select(page.find_element("id", "baseline"))
    slider, scenario = "[data-path='territories.window'] .value", "[data-scenario='baseline']"
    select.select_by_value("dubnov")
    holds(f"{scenario} {slider}", 1)
    page.find_element("css selector", f"{scenario} {slider}").send_keys("0.9")
    assert page.find_element("css selector", f"{scenario} .count").text == ", 1 moved"
    select.select_by_value("baseline")  # from itself it differs in nothing, so it has no slider
    holds(f"{scenario} {slider}", 0)
    assert text(page, "numbers").count("territories.window=0.9") == 1
    assert page.find_element("css selector", f"{scenario} .count").text == ", 1 moved"
    run(page)
    assert "baseline-mine" in table(page, "differences")["territories integrated"]
    page.find_element("css selector", f"{scenario} .kept .back").click()
    assert not page.find_element("css selector", f"{scenario} .kept").is_displayed()
    assert page.execute_script("return document.activeElement.tagName") == "SUMMARY"
    run(page)
    assert "baseline-mine" not in table(page, "differences")["territories integrated"]
    assert severe(page) == []


def test_what_is_wrong_is_told_and_ends_nothing(page):
    value = page.find_element("css selector", "[data-path='moscow.keep_weight'] .value")
    value.send_keys("99")
    page.find_element("id", "run").click()
    eventually(
        lambda: (
            "dubnov: parameters.moscow.keep_weight: 99 is out of range (allowed: 0 to 5)"
            in text(page, "error")
        )
    )
    value.clear()
    value.send_keys("0.9")
    fill(page, "runs", "1000000")
    page.find_element("id", "run").click()
    eventually(lambda: "3,000,000 runs would take about" in text(page, "error"))
    fill(page, "runs", "3")
    run(page)
    assert text(page, "error") == ""
    assert text(page, "status") == "Done: 3 runs per scenario."


def test_a_closed_tab_stops_its_runs_and_two_pages_do_not_mix(page, served):
    port, kept = served
    first = page.current_window_handle
    page.switch_to.new_window("tab")
    opened(page, port)
    for name, value in LONG.items():
        fill(page, name, value)
    page.find_element("id", "run").click()
    eventually(lambda: "runs made" in text(page, "status"))
    assert len(list(kept.glob("sim-explore-*/1"))) == 1
    others = set(kept.glob("sim-explore-*"))
    assert len(others) == 2
    page.close()
    page.switch_to.window(first)
    eventually(lambda: len(list(kept.glob("sim-explore-*"))) == 1)  # only this page's

    with talking(port) as other:
        message = {"scenarios": ["baseline", "gorevoy"], "baseline": "baseline", **SMALL}
        other.send(json.dumps({"ask": "run", **message}))
        run(page)
        said = answered(other, "shown", ask="nothing")
        assert "gorevoy" in said["html"]
        assert "dubnov" not in said["html"]
        assert list(table(page, "map")["Kyrgyzstan"]) == ["baseline", "dubnov"]


def test_runs_can_be_stopped(page):
    for name, value in LONG.items():
        fill(page, name, value)
    page.find_element("id", "run").click()
    eventually(lambda: "runs made" in text(page, "status"))
    page.find_element("id", "stop").click()
    eventually(lambda: text(page, "status") == "Stopped.")
    assert page.find_element("id", "stop").get_attribute("disabled")


def test_it_can_be_used_without_sight_or_pointer(page):
    script = (
        "return [...document.querySelectorAll('input, select, textarea, button')].filter((item) => "
        "!item.labels?.length && !item.getAttribute('aria-label') && !item.textContent.trim())"
        ".map((item) => item.outerHTML)"
    )
    assert page.execute_script(script) == []
    names = page.execute_script("return [...document.querySelectorAll('[id]')].map((item) => item.id)")
    assert len(names) == len(set(names))
    described = page.execute_script(
        "return ['aria-describedby', 'aria-labelledby'].every((name) => "
        "[...document.querySelectorAll(`[${name}]`)].every((item) => "
        "document.getElementById(item.getAttribute(name))))"
    )
    assert described


# -- one run ---------------------------------------------------------------------------------------


@pytest.fixture
def player(page):
    """Return the browser with a run of the page's scenario, moved, in the second page."""
    first = page.current_window_handle
    page.find_element("css selector", "[data-path='moscow.keep_weight'] .value").send_keys("0.9")
    page.find_element("id", "play").click()
    eventually(lambda: len(page.window_handles) == 2)
    page.switch_to.window(next(name for name in page.window_handles if name != first))
    eventually(lambda: page.execute_script("return document.getElementById('main').dataset.run"))
    yield page
    page.close()
    page.switch_to.window(first)


def test_a_run_is_played_and_asked_why(player):
    from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    assert text(player, "status") == "dubnov-mine, run 0."
    assert text(player, "moved") == "With the numbers moved on the other page."
    dubnov = load("dubnov")
    first, last = (month_name(str(dubnov.start + months)) for months in (0, 23))
    assert text(player, "now") == first
    labels = "return [...document.querySelectorAll('#map-chart svg text')].map((item) => item.textContent)"
    before = player.execute_script(labels)
    player.find_element("id", "month").send_keys(Keys.END)
    assert text(player, "now") == last
    eventually(lambda: player.execute_script(labels) != before)
    assert player.find_elements("css selector", "#ledger li p")
    player.find_element("id", "first").click()
    player.find_element("id", "start").click()
    eventually(lambda: text(player, "now") not in (first, ""))
    player.find_element("id", "start").click()
    assert text(player, "start") == "Play"

    player.find_element("id", "state").send_keys("Uzbekistan")
    eventually(lambda: "Uzbekistan" in text(player, "why"))
    label = player.execute_script(
        "const label = [...document.querySelectorAll('#map-chart svg text')]"
        ".find((item) => item.textContent.startsWith('KAZ')); label.scrollIntoView({ block: 'center' });"
        "return label"
    )
    ActionChains(player).move_to_element(label).click().perform()
    eventually(lambda: "Kazakhstan" in text(player, "why"))
    assert player.find_element("id", "state").get_attribute("value") == "KAZ"
    assert severe(player) == []


def test_a_wrong_run_is_told_and_ends_nothing(player):
    fill(player, "replicate", "-1")
    player.find_element("id", "run").click()
    eventually(lambda: "run: -1 is out of range" in text(player, "error"))
    fill(player, "replicate", "2")
    player.find_element("id", "run").click()
    eventually(lambda: text(player, "status") == "dubnov-mine, run 2.")
    assert text(player, "error") == ""


# -- another site, and what others can reach -------------------------------------------------------


def test_another_site_cannot_reach_it(driver, served):
    driver.get("data:text/html,<title>elsewhere</title>")
    script = (
        "const done = arguments[1]; const socket = new WebSocket(arguments[0]);"
        "socket.onopen = () => done('open'); socket.onclose = () => done('closed');"
    )
    driver.set_script_timeout(20)
    assert driver.execute_async_script(script, f"ws://127.0.0.1:{served[0]}/live") == "closed"
