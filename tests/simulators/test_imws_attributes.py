"""Attribute records: reading them, changing all that was asked for or nothing."""

import json

import pytest
from imws_calls import BARE, DUSK, HARBOUR, RAW, Caller, small_library

from socials_lib.demo.seed import SeedRecord


class TestReadingAttributes:
    def test_only_files_with_a_record_are_listed_without_empty_columns(self, ask):
        found = ask.attributes("flickr", BARE, DUSK, HARBOUR, 999)
        assert [HARBOUR, BARE] == [one["id"] for one in found]
        (record,) = found[0]["data"]
        assert {"instanceId", "posted", "photo_id", "url"} == set(record)
        (record,) = found[1]["data"]
        assert {"instanceId", "photo_id"} == set(record)

    def test_instance_ids_are_different_and_above_1(self, ask):
        found = ask.attributes("flickr", HARBOUR, BARE)
        ids = [one["data"][0]["instanceId"] for one in found]
        assert len(set(ids)) == 2
        assert min(ids) > 1

    def test_dates_can_have_other_forms(self, imws, ask):
        def posted() -> str:
            return ask.attributes("flickr", HARBOUR)[0]["data"][0]["posted"]

        assert "2024-03-10" == posted()
        imws.date_style = "timestamp"
        assert "2024-03-10T00:00:00" == posted()
        imws.date_style = "local"
        assert "10.03.2024" == posted()
        imws.language = "en"
        assert "03/10/2024" == posted()

    def test_odd_values_of_the_library_come_as_they_are(self, imws):
        seed = small_library()
        odd = {"posted": "soon", "photo_id": 7, "url": ["x"], "comment": "no such column"}
        seed.records = [
            SeedRecord(set="flickr", file_id=DUSK, values=odd),
            SeedRecord(set="flickr", file_id=DUSK, values={"photo_id": 7}),
        ]
        imws.load(seed)
        imws.date_style = "timestamp"
        first, second = Caller(imws).attributes("flickr", DUSK)[0]["data"]
        imws.load(small_library())
        assert {**odd, "instanceId": first["instanceId"]} == first
        assert 7 == second["photo_id"]

    def test_set_and_ids_are_needed_and_known(self, ask):
        assert 400 == ask.refused("GET", "/v1/attributes", set="nowhere", id=HARBOUR)
        assert 400 == ask.refused("GET", "/v1/attributes", set="Flickr", id=HARBOUR)
        assert 400 == ask.refused("GET", "/v1/attributes", id=HARBOUR)
        assert 400 == ask.refused("GET", "/v1/attributes", set="flickr")
        assert 400 == ask.refused("GET", "/v1/attributes", set="flickr", id="")


def write(ask: Caller, tasks: list, *ids: int, name: str = "flickr") -> dict:
    return ask.tasks("/v1/attributes", tasks, set=name, id=",".join(map(str, ids)))


def refused(ask: Caller, tasks: object, *ids: int, name: str = "flickr") -> int:
    given = {"set": name, "id": ",".join(map(str, ids))}
    text = tasks if isinstance(tasks, str) else json.dumps(tasks)
    return ask.refused("POST", "/v1/attributes", tasks=text, **given)


def instance(ask: Caller, file_id: int, number: int = 0) -> int:
    return ask.attributes("flickr", file_id)[0]["data"][number]["instanceId"]


class TestWritingAttributes:
    def test_add_update_delete(self, imws, ask):
        data = {"posted": "2024-05-01", "photo_id": "54", "url": "https://x/54"}
        assert "ok" == write(ask, [{"op": "add", "data": data}], DUSK)["result"]
        assert [data] == imws.backend.records("flickr", DUSK)

        one = instance(ask, DUSK)
        write(ask, [{"op": "update", "instanceid": [one], "data": {"url": "https://y"}}], DUSK)
        assert [{**data, "url": "https://y"}] == imws.backend.records("flickr", DUSK)

        write(
            ask, [{"op": "update", "instanceid": [one], "data": {"url": "", "posted": None}}], DUSK
        )
        assert [{"photo_id": "54"}] == imws.backend.records("flickr", DUSK)
        assert {"instanceId", "photo_id"} == set(ask.attributes("flickr", DUSK)[0]["data"][0])

        write(ask, [{"op": "delete", "instanceid": [one]}], DUSK)
        assert [] == ask.attributes("flickr", DUSK)

    def test_a_second_add_makes_a_second_record(self, imws, ask):
        write(ask, [{"op": "add", "data": {"photo_id": "54"}}], HARBOUR)
        assert ["53000000001", "54"] == [
            record["photo_id"] for record in imws.backend.records("flickr", HARBOUR)
        ]
        assert instance(ask, HARBOUR, 0) < instance(ask, HARBOUR, 1)

    def test_several_files_and_several_tasks_in_one_call(self, imws, ask):
        write(ask, [{"op": "add", "data": {"posted": "2024-05-01"}}], DUSK, RAW)
        ids = [instance(ask, DUSK), instance(ask, RAW)]
        assert ids[0] != ids[1]
        write(
            ask,
            [
                {"op": "update", "instanceid": [ids[0]], "data": {"photo_id": "1"}},
                {"op": "update", "instanceid": [ids[1]], "data": {"photo_id": "2"}},
            ],
            DUSK,
            RAW,
        )
        assert ["1"] == [one["photo_id"] for one in imws.backend.records("flickr", DUSK)]
        write(ask, [{"op": "delete", "instanceid": ids}], DUSK, RAW)
        assert [] == ask.attributes("flickr", DUSK, RAW)

    def test_numbers_are_kept_as_text_and_dates_without_time(self, imws, ask):
        data = {"photo_id": 53999999999, "posted": "2024-05-01T10:00:00"}
        write(ask, [{"op": "add", "data": data}], DUSK)
        assert [{"photo_id": "53999999999", "posted": "2024-05-01"}] == (
            imws.backend.records("flickr", DUSK)
        )

    @pytest.mark.parametrize(
        "tasks",
        [
            "",
            "no json",
            '{"op": "add"}',
            "[]",
            '["add"]',
            [{"op": "insert", "data": {"photo_id": "1"}}],
            [{"data": {"photo_id": "1"}}],
            [{"op": "add"}],
            [{"op": "add", "data": {}}],
            [{"op": "add", "data": [{"photo_id": "1"}]}],
            [{"op": "add", "data": {"status_id": "1"}}],
            [{"op": "add", "data": {"Photo_Id": "1"}}],
            [{"op": "add", "data": {"photo_id": ["1"]}}],
            [{"op": "add", "data": {"photo_id": True}}],
            [{"op": "add", "data": {"posted": "10.03.2024"}}],
            [{"op": "add", "data": {"posted": "2024-13-01"}}],
            [{"op": "add", "data": {"posted": 20240310}}],
            [{"op": "update", "data": {"photo_id": "1"}}],
            [{"op": "update", "instanceid": 4, "data": {"photo_id": "1"}}],
            [{"op": "update", "instanceId": [4], "data": {"photo_id": "1"}}],
            [{"op": "update", "instanceid": [], "data": {"photo_id": "1"}}],
            [{"op": "update", "instanceid": [1], "data": {"photo_id": "1"}}],
            [{"op": "update", "instanceid": ["4"], "data": {"photo_id": "1"}}],
            [{"op": "update", "instanceid": [4]}],
            [{"op": "delete"}],
            [{"op": "delete", "instanceid": [4, 1]}],
            [{"op": "add", "data": {"photo_id": "1"}}, {"op": "delete", "instanceid": [1]}],
            [{"op": "delete", "instanceid": [4]}, {"op": "add", "data": {"nosuch": "1"}}],
        ],
    )
    def test_a_faulty_call_writes_nothing(self, imws, ask, tasks):
        assert 4 == instance(ask, HARBOUR)
        before = imws.backend.snapshot(instance_ids=True)
        assert 400 == refused(ask, tasks, HARBOUR)
        assert before == imws.backend.snapshot(instance_ids=True)

    def test_the_instance_id_of_another_file_is_refused(self, imws, ask):
        before = imws.backend.snapshot(instance_ids=True)
        foreign = instance(ask, BARE)
        for op in ({"op": "delete"}, {"op": "update", "data": {"url": "u"}}):
            assert 400 == refused(ask, [{**op, "instanceid": [foreign]}], HARBOUR)
        assert before == imws.backend.snapshot(instance_ids=True)

    def test_the_first_files_instance_id_for_all_is_refused(self, imws, ask):
        """Defect 3 of the original program (facts, 15.5)."""
        before = imws.backend.snapshot(instance_ids=True)
        first = instance(ask, HARBOUR)
        assert 400 == refused(ask, [{"op": "delete", "instanceid": [first]}], HARBOUR, BARE)
        assert before == imws.backend.snapshot(instance_ids=True)

    def test_an_instance_id_of_another_set_is_refused(self, ask):
        one = instance(ask, HARBOUR)
        assert 400 == refused(
            ask, [{"op": "delete", "instanceid": [one]}], HARBOUR, name="pixelfed"
        )

    def test_unique_columns_refuse_duplicates(self, imws, ask):
        before = imws.backend.snapshot(instance_ids=True)
        task = {"op": "add", "data": {"posted": "2024-05-01", "photo_id": "53000000001"}}
        assert 400 == refused(ask, [task], DUSK)
        assert 400 == refused(ask, [task], HARBOUR)
        assert 400 == refused(ask, [{"op": "add", "data": {"photo_id": "9"}}], DUSK, RAW)
        taken = {
            "op": "update",
            "instanceid": [instance(ask, BARE)],
            "data": {"photo_id": 53000000001},
        }
        assert 400 == refused(ask, [taken], BARE)
        assert before == imws.backend.snapshot(instance_ids=True)

    def test_the_same_value_may_be_written_again_and_taken_over_after_a_delete(self, imws, ask):
        one = instance(ask, HARBOUR)
        again = {"op": "update", "instanceid": [one], "data": {"photo_id": "53000000001"}}
        write(ask, [again], HARBOUR)
        write(ask, [{"op": "delete", "instanceid": [one]}], HARBOUR)
        write(ask, [{"op": "add", "data": {"photo_id": "53000000001"}}], DUSK)
        assert [{"photo_id": "53000000001"}] == imws.backend.records("flickr", DUSK)

    def test_columns_that_are_not_unique_and_other_sets_do_not_clash(self, imws, ask):
        write(ask, [{"op": "add", "data": {"posted": "2024-05-01"}}], DUSK, RAW, BARE)
        same = "https://www.flickr.com/photos/someone/53000000001"
        write(ask, [{"op": "add", "data": {"url": same}}], DUSK, name="pixelfed")
        assert [{"url": same}] == imws.backend.records("pixelfed", DUSK)

    def test_doubles_of_the_library_stay_and_can_be_repaired(self, imws):
        seed = small_library()
        seed.records.append(
            SeedRecord(set="flickr", file_id=DUSK, values={"photo_id": "53000000001"})
        )
        imws.load(seed)
        ask = Caller(imws)
        one = instance(ask, DUSK)
        write(ask, [{"op": "update", "instanceid": [one], "data": {"photo_id": "9"}}], DUSK)
        kept = imws.backend.records("flickr", DUSK), imws.backend.records("flickr", HARBOUR)
        imws.load(small_library())
        assert ("9", "53000000001") == (kept[0][0]["photo_id"], kept[1][0]["photo_id"])

    def test_unknown_sets_and_files_are_refused(self, imws, ask):
        task = [{"op": "add", "data": {"photo_id": "1"}}]
        before = imws.backend.snapshot(instance_ids=True)
        assert 400 == refused(ask, task, DUSK, name="nowhere")
        assert 404 == refused(ask, task, DUSK, 999)
        assert 400 == refused(ask, task)
        assert before == imws.backend.snapshot(instance_ids=True)
