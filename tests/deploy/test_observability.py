"""Prometheus asks where there are answers, and every panel of Grafana's draws a number that exists."""

import json
import re

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from chassis import metrics
from tests.deploy.compose import PORT, PROCESSES, ROOT

PROMETHEUS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
GRAFANA = ROOT / "deploy" / "grafana"
DASHBOARD = json.loads((GRAFANA / "dashboards" / "sidetrack.json").read_text())
# What RabbitMQ's own plugin listens on, which its image switches on.
BROKER = "rabbitmq:15692"
FAMILIES = {family.name: family for family in REGISTRY.collect() if family.name.startswith("sidetrack_")}
OF_A_KIND = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}
NAMES = {name + ending: name for name, family in FAMILIES.items() for ending in OF_A_KIND[family.type]}
MEASURES = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
LABELS = {each._name: set(each._labelnames) for each in MEASURES}  # noqa: SLF001 — the client tells them nowhere else
EXPRESSIONS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def test_prometheus_asks_every_process_and_the_broker():
    targets = {
        target for job in PROMETHEUS["scrape_configs"] for each in job["static_configs"] for target in each["targets"]
    }
    assert targets == {*(f"{name}:{PORT}" for name in PROCESSES), BROKER}


def test_prometheus_shows_the_gateway_the_key_that_it_is_given(parts):
    asking = {job["job_name"]: job.get("authorization") for job in PROMETHEUS["scrape_configs"]}
    assert asking == {"services": None, "gateway": {"credentials_file": "/run/secrets/admin_key"}, "rabbitmq": None}
    assert parts["prometheus"]["secrets"] == ["admin_key"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_panel_draws_a_number_that_is_measured(expression):
    drawn = set(re.findall(r"sidetrack_\w+", expression))
    assert drawn
    assert drawn <= set(NAMES)


@pytest.mark.parametrize("panel", DASHBOARD["panels"], ids=lambda panel: panel["title"])
def test_a_panel_names_labels_that_its_number_has(panel):
    for target in panel["targets"]:
        family = NAMES[re.search(r"sidetrack_\w+", target["expr"])[0]]
        grouped = {name for found in re.findall(r"by \(([^)]*)\)", target["expr"]) for name in found.split(", ")}
        filtered = set(re.findall(r"[{,](\w+)=", target["expr"]))
        shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert grouped | filtered | shown <= LABELS[family] | {"le"}


def test_every_number_is_drawn():
    drawn = {NAMES[name] for expression in EXPRESSIONS for name in re.findall(r"sidetrack_\w+", expression)}
    assert drawn == set(FAMILIES)


def test_grafana_finds_prometheus_and_the_dashboard(parts):
    source = yaml.safe_load((GRAFANA / "datasources" / "prometheus.yml").read_text())["datasources"][0]
    provider = yaml.safe_load((GRAFANA / "dashboards" / "sidetrack.yml").read_text())["providers"][0]
    assert source["url"] == "http://prometheus:9090"
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {source["uid"]}
    mounted = [volume.split(":")[1] for volume in parts["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounted
