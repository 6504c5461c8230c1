// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cairo-svg.h>
#include <cairo.h>
