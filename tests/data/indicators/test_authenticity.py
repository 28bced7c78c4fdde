"""The five conditions, by hand."""

from __future__ import annotations

from data.indicators.authenticity import CONDITIONS, Documents, marks_from_answers, marks_from_documents
from data.indicators.published import possible_counts
from data.indicators.survey import SurveyExercise


def test_nothing_documented_is_no_data_and_never_a_no() -> None:
    marks = marks_from_documents(Documents())
    assert [mark.condition for mark in marks] == list(CONDITIONS)
    assert {(mark.met, mark.decided_by) for mark in marks} == {(None, None)}


def test_each_document_decides_its_own_condition() -> None:
    marks = marks_from_documents(Documents(declaration=True, secretariat=False, report=True, status="closed"))
    assert [mark.met for mark in marks] == [True, False, None, None, True]
    assert marks[4].decided_by == "plans.has_final_report"
    by_status = marks_from_documents(Documents(status="evaluated"))
    assert (by_status[4].met, by_status[4].decided_by) == (True, "exercises.status")


def test_an_answer_can_say_no_and_the_first_item_answered_decides() -> None:
    exercise = SurveyExercise(
        1,
        "Uno",
        codes={
            "principles_declared": ["yes"],
            "safe_civic_space": ["no"],
            "followup_published": ["no"],
            "verification_measures": ["yes"],
        },
        no_answer={"agenda_influence": "does_not_know"},
    )
    marks = marks_from_answers(exercise)
    assert [mark.met for mark in marks] == [True, None, False, None, False]
    assert marks[4].decided_by == "followup_published"


def test_a_percentage_of_whole_things_tells_the_count() -> None:
    assert possible_counts(53, 49) == (26,)
    assert possible_counts(47, 49) == (23,)
    assert possible_counts(50, 200) == (99, 100)
    assert possible_counts(1, 3) == ()
    assert possible_counts(40, 0) == ()
