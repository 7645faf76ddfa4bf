# SPDX-License-Identifier: MIT
# What `cmake --install` and `cpack` place on a machine.

if(TARGET belltower)
	install(TARGETS belltower RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
	install(TARGETS belltower-picture RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR})
endif()
install(FILES ${PROJECT_BINARY_DIR}/bot/belltower.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY config/ DESTINATION ${CMAKE_INSTALL_DATADIR}/belltower)

# The unit names the binary where it is really installed; the prefix is known only now (cpack chooses its own).
install(CODE "
	file(READ [[${PROJECT_SOURCE_DIR}/systemd/belltower.service]] unit)
	string(REPLACE /usr/bin/belltower \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/belltower\" unit \"\${unit}\")
	set(place \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/belltower.service\")
	message(STATUS \"Installing: \${place}\")
	file(WRITE \"\${place}\" \"\${unit}\")")
install(FILES systemd/belltower.sysusers DESTINATION lib/sysusers.d RENAME belltower.conf)
install(FILES systemd/belltower.tmpfiles DESTINATION lib/tmpfiles.d RENAME belltower.conf)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Belltower maintainers <belltower@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What no linker sees: the event library that libwebsockets loads, the authorities to trust, the zones.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libwebsockets-evlib-glib, ca-certificates, tzdata, systemd | systemd-standalone-sysusers")
# What belltower-picture writes with, and a decoder that it can do without.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji, webp-pixbuf-loader")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/deb/postinst ${PROJECT_SOURCE_DIR}/cmake/deb/prerm
	${PROJECT_SOURCE_DIR}/cmake/deb/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
