"""Everything about one caller's number in the customer's data, for whom he has asked (GDPR, articles 15, 17, 20)."""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.web.page import Portal
from engine.web.persons import Answers

router = APIRouter(prefix="/account/person")
HERE = "/account/person"


@router.get("")
async def show(page: Portal) -> Response:
    """Asks for the number."""
    return await Answers(page, page.customer, HERE).show()


@router.post("")
async def find(page: Portal) -> Response:
    """What is kept."""
    return await Answers(page, page.customer, HERE).find()


@router.post("/export")
async def export(page: Portal) -> Response:
    """As a file."""
    return await Answers(page, page.customer, HERE).export()


@router.post("/delete")
async def delete(page: Portal) -> Response:
    """It goes."""
    return await Answers(page, page.customer, HERE).delete()
