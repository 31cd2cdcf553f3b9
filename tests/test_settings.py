from pathlib import Path

import pytest

from search.errors import StartError
from search.settings import Settings


def test_arguments_win_over_the_environment():
    environ = {"VITRINE_PORT": "8001", "VITRINE_LANG": "zh"}
    settings = Settings.read(["--port", "8002"], environ)
    assert (settings.port, settings.lang) == (8002, "zh")


def test_sample_photos_come_with_the_embedded_catalog_only():
    assert Settings.read([], {}).samples is not None
    assert Settings.read(["--catalog", "elsewhere"], {}).samples is None
    assert Settings.read(["--catalog", "elsewhere", "--samples", "mine"], {}).samples == Path("mine")


@pytest.mark.parametrize("argv", [["--port", "0"], ["--port", "99999"], ["--port", "http"], ["--lang", "fr"]])
def test_values_out_of_range_are_one_sentence(argv):
    with pytest.raises(StartError):
        Settings.read(argv, {})


def test_on_a_space_the_page_is_reached_from_outside():
    assert Settings.read([], {}).host == "127.0.0.1"
    assert Settings.read([], {"SPACE_ID": "org/space"}).host == "0.0.0.0"
    assert Settings.read([], {"SPACE_ID": "org/space", "VITRINE_HOST": "::1"}).host == "::1"
