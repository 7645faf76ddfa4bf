# SPDX-License-Identifier: MIT
# What `cmake --install` and `cpack` place on a machine.
