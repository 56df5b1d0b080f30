# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the vim25 subset: see wsdl/README.md and docs/wsdl.md."""
