"""A report as a reader works it in a real browser."""

from __future__ import annotations

import base64
import json
import re
import time
from pathlib import Path

import pytest

import sim
from sim.report.map import by_year
from tests.browser import REQUIRED, browser
from tests.reported import FIRST, HOSTILE, page_of, results_in


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return results_in(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(folder):
    return page_of(folder)


@pytest.fixture(scope="module")
def opened(page, tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        driver.get(page.as_uri())
        end = time.monotonic() + 60
        while not (state := _charts(driver)) and time.monotonic() < end:
            time.sleep(0.1)
        assert state == "drawn"
        yield driver


def _charts(driver):
    return driver.execute_script("return document.documentElement.dataset.charts")


def _map_texts(driver):
    script = "return [...document.querySelectorAll('#map-chart svg text')].map((item) => item.textContent)"
    return driver.execute_script(script)


def _eventually(happened, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return False


def test_every_chart_is_drawn_and_nothing_is_asked_for(opened, page):
    drawn = opened.execute_script(
        "return [...document.querySelectorAll('.chart')].map((item) => [item.id, item.dataset.drawn, "
        "item.querySelectorAll('svg path').length])"
    )
    assert len(drawn) == 4
    assert all(done == "yes" and paths > 5 for _, done, paths in drawn), drawn
    assert [entry["message"] for entry in opened.get_log("browser") if entry["level"] == "SEVERE"] == []
    asked = [json.loads(entry["message"])["message"] for entry in opened.get_log("performance")]
    sent = [item["params"] for item in asked if item["method"] == "Network.requestWillBeSent"]
    mine = [item["request"]["url"] for item in sent if item["documentURL"] == page.as_uri()]
    assert page.as_uri() in mine  # so the log is there
    assert [url for url in mine if not url.startswith(("data:", "blob:", page.as_uri()))] == []


def test_hostile_names_do_nothing(opened):
    assert opened.execute_script("return window.hostile") is None
    assert opened.title == HOSTILE
    assert opened.find_element("css selector", "h1").text == HOSTILE


def test_the_slider_changes_the_map_by_keyboard(opened):
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    slider = opened.find_element("css selector", "#map-controls input[type=range]")
    assert slider.get_attribute("value") == str(FIRST + 2)
    before = _map_texts(opened)
    slider.send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert _eventually(lambda: _map_texts(opened) != before)
    said = opened.find_element("id", "map-said")
    assert _eventually(lambda: said.text == f"Shown: mine, alignment, {FIRST}.")


def test_the_map_shows_differences_with_their_stars(opened, folder):
    opened.find_element("css selector", "#map-controls input[type=radio]:not(:checked)").click()
    slider = opened.find_element("css selector", "#map-controls input[type=range]")
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    slider.send_keys(Keys.END)
    table = by_year(sim.open_results(folder), {"baseline": "baseline", "mine": "baseline"})
    row = table.set_index(["scenario", "state", "year"]).loc[("mine", "MDA", FIRST + 2)]
    star = "*" if row["low"] > 0 or row["high"] < 0 else ""
    wanted = f"{row['difference']:+.2f}".replace("-", "−") + star
    assert _eventually(lambda: any(text.endswith(wanted) for text in _map_texts(opened))), wanted


def test_the_other_paths_are_a_choice_away(opened):
    box = opened.find_element("css selector", "#fans-controls select")
    script = "return document.querySelector('#fans-chart svg').innerHTML.length"
    before = opened.execute_script(script)
    box.send_keys("Kyrgyzstan")
    assert _eventually(lambda: opened.execute_script(script) != before)
    assert opened.find_element("id", "fans-said").text == "Shown: Kyrgyzstan."


def test_what_is_pointed_at_is_told(opened):
    from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415

    bars = opened.find_elements("css selector", "#end-states-chart svg .mark-rect path")
    bar = max(bars, key=lambda item: item.rect["width"])
    ActionChains(opened).move_to_element(bar).perform()
    assert _eventually(lambda: "share of runs (95 %)" in (_tooltip(opened) or ""))


def _tooltip(driver):
    return driver.execute_script("return document.getElementById('vg-tooltip-element')?.textContent")


def test_the_data_can_be_saved(opened):
    script = (
        "const made = []; const old = URL.createObjectURL;"
        "URL.createObjectURL = (blob) => { made.push(blob); return old(blob); };"
        "const button = document.querySelector(\"button.save[data-chart='fans']\");"
        "button.closest('details').open = true; button.click(); URL.createObjectURL = old;"
        "return made[0].text();"
    )
    text = opened.execute_script(script)
    assert text.splitlines()[0] == "scenario,series,month,q05,q25,q50,q75,q95,baseline"
    assert len(text.splitlines()) > 100


def test_it_prints(opened):
    made = base64.b64decode(opened.print_page())
    assert made.startswith(b"%PDF")
    assert len(made) > 50_000


def test_it_is_told_to_those_who_run_no_scripts(page, tmp_path):
    text = re.sub(r"<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.S)
    copy = tmp_path / "plain.html"
    copy.write_text(text, encoding="utf-8")
    assert text.count('<svg role="img"') == 4
    assert Path(copy).stat().st_size < 3_000_000


def test_a_missing_browser_fails_where_it_is_required(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda _: None)
    for value, ending in (("1", pytest.fail.Exception), ("", pytest.skip.Exception)):
        monkeypatch.setenv(REQUIRED, value)
        with pytest.raises(ending, match="chromium and chromedriver are not installed"), browser(tmp_path):
            pass
