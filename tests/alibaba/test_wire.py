"""A law: whatever image is asked for, the gateway verifies the call and reads exactly what was asked."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import httpx
from hypothesis import given
from hypothesis import strategies as st

from bot.alibaba import AlibabaCloud, FixedKeys, Keys
from bot.alibaba.images import creation_form, creation_query
from bot.domain.image import CreateImage, Tag
from bot.playground.cloud import Account, Accounts
from bot.playground.cloud.signatures import Verifier

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)
tags = st.lists(
    st.tuples(st.text("kæ~*+&=", min_size=1, max_size=6), st.text("vß~*+&=%", min_size=1, max_size=6)),
    max_size=3,
    unique_by=lambda pair: pair[0],
)


@given(name=words, description=words, pairs=tags, product=st.none() | words)
def test_any_image_arrives_as_asked_with_a_signature_that_holds(
    name: str, description: str, pairs: list[tuple[str, str]], product: str | None
) -> None:
    """Encoding, escaping and signing agree with an independent reader of the wire."""
    image = CreateImage(
        instance_id="ecd-1",
        image_name=name,
        description=description,
        tags=tuple(Tag(key=key, value=value) for key, value in pairs),
    ).model_copy(update={"product_type": product})
    requests = asyncio.run(sent(image))

    (request,) = requests
    query = parse_qsl(request.url.query.decode(), keep_blank_values=True)
    headers = {key.lower(): value for key, value in request.headers.items()}
    verifier = Verifier(Accounts([Account()]), lambda: datetime.now(UTC))
    verifier.verify("POST", "/", query, headers, request.content)
    assert dict(query) == creation_query(image.tags)
    assert dict(parse_qsl(request.content.decode(), keep_blank_values=True)) == creation_form(image)


async def sent(image: CreateImage) -> list[httpx.Request]:
    """The requests that asking for the image puts on the wire."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        data = {"ImageId": "imgc-1", "VersionId": "iv-1", "TaskId": "tid-1"}
        return httpx.Response(200, json={"Data": data, "Success": True, "Code": 200, "RequestId": "R-1"})

    keys = Keys(Account().access_key_id, Account().access_key_secret)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        await AlibabaCloud(FixedKeys(keys), http=http).create_image(image)
    return requests
