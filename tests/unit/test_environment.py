"""One set of packages for all ways to install: environment.yml says what pyproject.toml says."""

import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PIP_PART = next(one["pip"] for one in CONDA["dependencies"] if isinstance(one, dict))


def test_environment_yml_installs_what_pyproject_declares():
    listed = {str(Requirement(one)) for one in PIP_PART if not one.startswith("-e")}
    assert {str(Requirement(one)) for one in PROJECT["dependencies"]} == listed


def test_environment_yml_takes_only_python_and_pip_from_conda():
    names = [one.partition("=")[0] for one in CONDA["dependencies"] if isinstance(one, str)]
    assert ["python", "pip"] == names
    assert ["conda-forge", "nodefaults"] == CONDA["channels"]
    assert "-e ." == PIP_PART[-1]


def test_the_python_of_environment_yml_is_one_that_is_supported():
    python = next(one for one in CONDA["dependencies"] if str(one).startswith("python="))
    assert python.partition("=")[2] in SpecifierSet(PROJECT["requires-python"])


def test_start_py_accepts_the_pythons_that_pyproject_does():
    text = (ROOT / "start.py").read_text(encoding="utf-8")
    assert "OLDEST, NEWEST = (3, 11), (3, 14)" in text
    assert ">=3.11,<3.15" == PROJECT["requires-python"]


def test_the_constraints_name_no_address():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert all("==" in line for line in text.splitlines() if line.strip())


def test_every_prescribed_package_is_a_dependency():
    prescribed = {"jupyterlab", "pandas", "flickrapi", "mastodon.py", "tzdata", "ipywidgets"}
    names = {Requirement(one).name.lower() for one in PROJECT["dependencies"]}
    assert set() == (prescribed | {"requests"}) - names
