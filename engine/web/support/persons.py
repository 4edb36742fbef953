"""Everything about one telephone number, in one customer's data or in everybody's, and what each night has forgotten.

Rule of this file: support does what a customer has asked for (GDPR, article 28); the page says so.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Response

from engine.accounts import Action
from engine.web.page import AnyPage
from engine.web.persons import Answers
from engine.web.support.page import OneCustomer, Staff, SupportPage

router = APIRouter(prefix="/support")
HERE = "/support/persons"


@router.get("/persons")
async def everywhere(page: Staff) -> Response:
    """Asks for the number; tells of the last nights."""
    return await _everybodys(page).show()


@router.post("/persons")
async def find_everywhere(page: Staff) -> Response:
    """What is kept."""
    return await _everybodys(page).find()


@router.post("/persons/export")
async def export_everywhere(page: Staff) -> Response:
    """As a file."""
    return await _everybodys(page).export()


@router.post("/persons/delete")
async def delete_everywhere(page: Staff) -> Response:
    """It goes."""
    return await _everybodys(page).delete()


@router.get("/customers/{number:path}/person")
async def show(page: OneCustomer) -> Response:
    """The same of one customer."""
    return await _of(page).show()


@router.post("/customers/{number:path}/person")
async def find(page: OneCustomer) -> Response:
    """What is kept."""
    return await _of(page).find()


@router.post("/customers/{number:path}/person/export")
async def export(page: OneCustomer) -> Response:
    """As a file."""
    return await _of(page).export()


@router.post("/customers/{number:path}/person/delete")
async def delete(page: OneCustomer) -> Response:
    """It goes."""
    return await _of(page).delete()


def _everybodys(page: AnyPage) -> Answers:
    if not page.identity.may(Action.ANSWER_PERSONS):
        raise HTTPException(403)
    return Answers(page, None, HERE)


def _of(page: SupportPage) -> Answers:
    return Answers(page, page.customer, f"{page.home}/person", page.home, page.number)
