// SPDX-License-Identifier: GPL-2.0-or-later
// Included by the generated code before its own types.
#pragma once
class xsd__anyType;
