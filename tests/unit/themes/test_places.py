from __future__ import annotations

import os

import pytest

import themes


@pytest.fixture
def place(tmp_path):
    for name in ("beta", "alpha", "no_theme"):
        (tmp_path / name).mkdir()
    for name in ("beta", "alpha"):
        (tmp_path / name / "theme.py").touch()
    return tmp_path


def test_folders_with_a_theme_are_found_in_order_of_their_names(place):
    assert [folder.name for folder in themes.list_folders([str(place)])] == ["alpha", "beta"]


def test_product_themes_are_always_there():
    assert {"themes.employees", "themes.salary_declaration"} <= set(themes.list_apps())


def test_name_may_be_used_once(place, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "alpha").mkdir()
    (other / "alpha" / "theme.py").touch()
    with pytest.raises(RuntimeError, match="'alpha' lies in"):
        themes.list_folders([str(place), str(other)])


def test_several_places_are_separated_as_in_path(place, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    assert themes.read_places(f"{place}{os.pathsep}{other}{os.pathsep}") == [str(place), str(other)]
    assert themes.read_places("") == []


@pytest.mark.parametrize("text", ["relative/folder", "/nowhere/at/all"])
def test_place_that_is_not_there_stops_the_start(text):
    with pytest.raises(RuntimeError, match="RELAIS_THEME_PATHS names"):
        themes.read_places(text)
