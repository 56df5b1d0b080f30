# SPDX-License-Identifier: GPL-2.0-or-later
"""All modules with checks of fidelity; importing them registers the checks (fidelity.py)."""

import fidelity_access  # noqa: F401
import fidelity_devices  # noqa: F401
import fidelity_files  # noqa: F401
import fidelity_identity  # noqa: F401
import fidelity_moves  # noqa: F401
import fidelity_places  # noqa: F401
import fidelity_power  # noqa: F401
import fidelity_snapshots  # noqa: F401
import fidelity_tasks  # noqa: F401
