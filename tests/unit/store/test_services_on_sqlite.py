"""What the services promise holds over SQLite as over memory: the same tests, another store."""

from __future__ import annotations

from tests.unit.county.test_honesty import *  # noqa: F403
from tests.unit.county.test_service_accounts import *  # noqa: F403
from tests.unit.county.test_service_audit import *  # noqa: F403
from tests.unit.county.test_service_board import *  # noqa: F403
from tests.unit.county.test_service_cases import *  # noqa: F403
from tests.unit.county.test_service_courses import *  # noqa: F403
from tests.unit.county.test_service_crediting import *  # noqa: F403
from tests.unit.county.test_service_doubts import *  # noqa: F403
from tests.unit.county.test_service_lessons import *  # noqa: F403
from tests.unit.county.test_service_library import *  # noqa: F403
from tests.unit.county.test_service_observations import *  # noqa: F403
from tests.unit.county.test_service_readiness import *  # noqa: F403
from tests.unit.county.test_service_reports import *  # noqa: F403
from tests.unit.county.test_service_surveys import *  # noqa: F403
