import pytest

from ingest.structure.minute_posts import is_post, split_post


@pytest.mark.parametrize(
    ("who", "surname", "post"),
    [
        ("標木健康福祉部長", "標木", "健康福祉部長"),
        ("例示知事", "例示", "知事"),
        ("想田ごみ減量推進室長", "想田", "ごみ減量推進室長"),
        ("古市民生部長", "古市", "民生部長"),
        ("架野議事課主査", "架野", "議事課主査"),
        ("例川副委員長", "例川", "副委員長"),
        ("範例企画財政局財政課長", "範例", "企画財政局財政課長"),
        ("一色ＤＸ推進課長", "一色", "ＤＸ推進課長"),
        ("都市建設部長", "", "都市建設部長"),
        ("こども未来部長", "", "こども未来部長"),
        ("東京都知事", "", "東京都知事"),
        ("福利厚生室長", "", "福利厚生室長"),
        ("農産物流通課長", "", "農産物流通課長"),
        ("例示架空課長", "", "例示架空課長"),
        ("例示さわやか振興課長", "", "例示さわやか振興課長"),
    ],
)
def test_surname_and_post_are_told_apart_by_the_words_of_offices(who: str, surname: str, post: str) -> None:
    assert split_post(who) == (surname, post)


def test_a_post_that_the_document_names_is_known_whatever_its_words() -> None:
    assert split_post("例示架空課長", ["架空課長"]) == ("例示", "架空課長")


@pytest.mark.parametrize(("who", "surname"), [("森林整備課主査", ""), ("服部主査", "服部")])
def test_a_rank_of_somebody_else_does_not_cut_an_office_in_two(who: str, surname: str) -> None:
    assert split_post(who, ["主査"]) == (surname, who.removeprefix(surname))


@pytest.mark.parametrize("text", ["想定健", "委員会", "部長", "総務", "課長補佐の席"])
def test_other_words_are_no_post(text: str) -> None:
    assert not is_post(text)
