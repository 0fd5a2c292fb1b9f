"""The API document: made without a warning, whole, and true of what the interface takes and answers."""

from __future__ import annotations

import jsonschema
import pytest
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.validation import validate_schema

from core.catalogue import registry
from tests.support import mailbox
from tests.support.rest import api_document, callers, list_operations, program, sample_body
from tests.support.routes import build_scene, rest


@pytest.fixture(scope="module")
def document():
    return api_document()


def check_fits(document, schema, value):
    """Hold a value against a part of the document (OpenAPI 3.0 writes "or nothing" as ``nullable``)."""
    whole = {"components": document["components"]} | schema
    jsonschema.Draft202012Validator(_as_json_schema(whole), format_checker=jsonschema.FormatChecker()).validate(value)


def _as_json_schema(part):
    if isinstance(part, list):
        return [_as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    plain = {name: _as_json_schema(one) for name, one in part.items() if name != "nullable"}
    if part.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    if plain.get("type") == "object" and isinstance(plain.get("properties"), dict):
        plain.setdefault("additionalProperties", False)
    return plain


def answer_schema(operation, status):
    return next(iter(operation["responses"][str(status)]["content"].values()))["schema"]


def test_document_is_made_without_warning_and_is_valid():
    reset_generator_stats()
    document = api_document()
    assert GENERATOR_STATS._error_cache == {}
    assert GENERATOR_STATS._warn_cache == {}
    validate_schema(document)


def test_document_can_be_had_by_everybody(office):
    answer = program(office).get("schema/?format=json")
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() == api_document()["paths"].keys()


def test_every_operation_says_what_it_does_and_answers(document):
    for path, method, operation in list_operations(document):
        place = f"{method} {path}"
        assert operation["description"], place
        assert operation["security"] == [{"token": []}], place
        assert "application/problem+json" in operation["responses"]["default"]["content"], place
        keys = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]
        assert keys == ([] if method == "get" else ["Idempotency-Key"]), place
        assert any(status.startswith("2") for status in operation["responses"]), place
        if method in {"put", "patch"}:
            body = sample_body(document, operation)
            assert body, place


def test_smallest_body_of_the_document_is_understood(office, document):
    """No body that fits the document is refused for its form."""
    scene = build_scene(office)
    caller_of = callers(office)
    for route in rest():
        path = next(known for known in document["paths"] if _same(known, route.pattern))
        for method, operation in document["paths"][path].items():
            body = sample_body(document, operation)
            if method == "get" or body is None:
                continue
            message = scene.sent if route.rest_view.for_desk else scene.draft
            answer = caller_of(route).call(method, route.path(scene.values_of(message)), body)
            codes = answer.json()["code"] if answer.status_code >= 400 else ""
            assert codes != "body_unreadable", (method, path, answer.content)


def _same(path, pattern):
    return path.replace("{", "<").replace("}", ">") == "".join(
        "<" + part.split(":")[-1] if number else part for number, part in enumerate(pattern.split("<"))
    )


def test_reading_answers_fit_the_document(office, document):
    scene = build_scene(office)
    caller_of = callers(office)
    for message in (scene.sent, scene.draft):
        for route in rest():
            path = next(known for known in document["paths"] if _same(known, route.pattern))
            operation = document["paths"][path].get("get")
            answer = caller_of(route).get(route.path(scene.values_of(message))) if operation else None
            if answer is not None and answer.status_code == 200 and answer["Content-Type"] == "application/json":
                check_fits(document, answer_schema(operation, 200), answer.json())


def test_writing_answers_fit_the_document(office, document):
    own, desk = program(office, office.actor()), program(office, office.clerk())
    at_own, at_desk = "/api/v1/messages/{message_id}/", "/api/v1/desk/messages/{message_id}/"

    def call(method, key, body=None, status=200):
        caller = desk if "/desk/" in key else own
        answer = caller.call(method, key.replace("{message_id}", str(draft and draft["id"])), body)
        assert answer.status_code == status, answer.content
        check_fits(document, answer_schema(document["paths"][key][method], status), answer.json())
        return answer.json()

    draft = None
    kind = mailbox.DUPLICATE
    draft = call("post", "/api/v1/messages/", {"type": kind, "payload": mailbox.SOUND[kind]}, 201)
    saved = call("patch", at_own, {"revision": 1, "payload": {"remark": "Bitte"}})
    checked = call("post", f"{at_own}check/")
    assert checked["revision"] == saved["revision"]
    call("post", f"{at_own}send/", {"revision": checked["revision"], "confirmed": True}, 201)
    call("post", f"{at_desk}take/")
    call("post", f"{at_desk}ask-back/", {"question": "Wann?", "pointers": [{"field": "remark"}]})
    call("post", f"{at_desk}cancel-question/")
    call("post", f"{at_desk}decision/", {"title": "Duplikat", "text": "Es folgt."}, 201)
    call("post", f"{at_desk}close/", {"note": ""})


def test_schema_of_every_type_describes_sound_entries(office):
    listed = {one["key"]: one for one in program(office, office.actor()).get("message-types/").json()}
    assert set(listed) == {one.key for one in registry.list_all_types()}
    for one in listed.values():
        for schema in filter(None, (one["payload_schema"], one["row_schema"])):
            jsonschema.Draft202012Validator.check_schema(schema)
            for name, described in schema["properties"].items():
                for example in described.get("examples", ()):
                    jsonschema.validate(example, described)
                    assert example is not None, name


def test_payload_that_comes_back_fits_the_schema_of_its_type(office):
    own = program(office, office.actor())
    schemas = {one["key"]: one for one in own.get("message-types/").json()}
    for key, payload in {**mailbox.SOUND, mailbox.SALARY: mailbox.YEAR}.items():
        message = own.post("messages/", {"type": key, "payload": payload}).json()
        needed = {"required": []} if key == mailbox.SALARY else {}
        jsonschema.validate(message["payload"], schemas[key]["payload_schema"] | needed)
        if schemas[key]["row_schema"]:
            own.call("put", f"messages/{message['id']}/rows/", {"revision": 1, "rows": [mailbox.WAGE]})
            (row,) = own.get(f"messages/{message['id']}/rows/").json()["rows"]
            assert row.pop("row") == 1
            jsonschema.validate(row, schemas[key]["row_schema"])
