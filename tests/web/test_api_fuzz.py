"""The API against its own description: requests that nobody thought of (schemathesis), right ones and wrong ones."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from engine.accounts import Role
from engine.web.api.problems import V1
from tests.web.office import Office
from tests.web.programs import program_as, program_of

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = 5
"""Of each operation."""


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_no_request_gets_what_the_description_does_not_say(office: Office, role: Role, tmp_path: Path) -> None:
    program = await program_of(office) if role is Role.CUSTOMER else await program_as(office, role)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{office.url}{V1}/openapi.json"),
        *("--url", office.url, "--header", f"Authorization: Bearer {program.token}", "--checks", CHECKS),
        *("--max-examples", str(EXAMPLES), "--phases", "coverage,fuzzing", "--seed", "1", "--no-color"),
        *("--generation-database", "none", "--warnings", "off", "--suppress-health-check", "all"),
    ]
    running = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()
