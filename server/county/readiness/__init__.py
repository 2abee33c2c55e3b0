"""Readiness (技术装备、网络空间、协议): what classrooms measured of themselves against the standard, and since when."""
