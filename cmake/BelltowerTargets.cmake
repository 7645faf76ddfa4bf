# SPDX-License-Identifier: MIT
# How every target of the project is made: the vendors' packages, the warnings, and functions, one for
# each kind of room: a library, SQL and texts made into constants, a unit test.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0>=2.74 gio-2.0)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson>=1.7)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.88)
pkg_check_modules(LWS REQUIRED IMPORTED_TARGET libwebsockets>=4.1)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(PROTOBUF_C REQUIRED IMPORTED_TARGET libprotobuf-c>=1.4)
find_program(PROTOC_C protoc-c REQUIRED)
find_program(GLIB_COMPILE_RESOURCES glib-compile-resources REQUIRED)
pkg_check_modules(ICAL REQUIRED IMPORTED_TARGET libical>=3.0)
pkg_check_modules(LUNAR REQUIRED IMPORTED_TARGET lunar-date-3.0)
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo>=1.16)
pkg_check_modules(PANGO REQUIRED IMPORTED_TARGET pangocairo>=1.50)
pkg_check_modules(GDK_PIXBUF REQUIRED IMPORTED_TARGET gdk-pixbuf-2.0>=2.42)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp>=2.5)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)
find_library(XLSXWRITER_LIBRARY xlsxwriter REQUIRED)
find_library(MIMALLOC_LIBRARY mimalloc REQUIRED)

add_library(belltower_flags INTERFACE)
target_compile_options(belltower_flags INTERFACE
	-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wvla -Wformat=2 -Wmissing-prototypes -Wundef
	-fno-common -fstack-protector-strong
	$<$<BOOL:${BELLTOWER_WERROR}>:-Werror>)
target_compile_definitions(belltower_flags INTERFACE _GNU_SOURCE G_LOG_DOMAIN="belltower" G_LOG_USE_STRUCTURED
	BELLTOWER_VERSION="${PROJECT_VERSION}")
target_include_directories(belltower_flags INTERFACE ${PROJECT_SOURCE_DIR}/bot ${PROJECT_SOURCE_DIR})
target_link_libraries(belltower_flags INTERFACE PkgConfig::GLIB Threads::Threads)
if(BELLTOWER_SANITIZE)
	target_compile_options(belltower_flags INTERFACE -fsanitize=${BELLTOWER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
	target_link_options(belltower_flags INTERFACE -fsanitize=${BELLTOWER_SANITIZE})
endif()
if(BELLTOWER_FUZZ)
	# Coverage in every library, so that a fuzz target sees where its inputs lead.
	target_compile_options(belltower_flags INTERFACE -fsanitize=fuzzer-no-link)
	target_link_options(belltower_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# belltower_library(NAME SOURCES a.c b.c [SQL x.sql] [TEXTS texts.yaml] [LINK lib…]): one static library, one folder.
function(belltower_library name)
	cmake_parse_arguments(ARG "" "" "SOURCES;SQL;TEXTS;LINK" ${ARGN})
	add_library(${name} STATIC ${ARG_SOURCES})
	target_link_libraries(${name} PUBLIC belltower_flags ${ARG_LINK})
	foreach(file ${ARG_SQL})
		belltower_sql(${name} ${file})
	endforeach()
	foreach(file ${ARG_TEXTS})
		belltower_texts(${name} ${file})
	endforeach()
endfunction()

# belltower_sql(TARGET x.sql): makes x_sql.h and x_sql.c of a .sql file, so that a misspelt query does not compile.
function(belltower_sql target file)
	get_filename_component(stem ${file} NAME_WE)
	set(base ${CMAKE_CURRENT_BINARY_DIR}/${stem}_sql)
	add_custom_command(OUTPUT ${base}.h ${base}.c
		COMMAND belltower_sqlgen ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${base}
		DEPENDS belltower_sqlgen ${CMAKE_CURRENT_SOURCE_DIR}/${file})
	target_sources(${target} PRIVATE ${base}.c ${base}.h)
	target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
endfunction()

# belltower_embed(NAME LIST.gresource.xml FOLDER file…): NAME.c, from which belltower_NAME_get_resource() reads the files.
function(belltower_embed name list folder)
	set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.c)
	list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE paths)
	add_custom_command(OUTPUT ${out}
		COMMAND ${GLIB_COMPILE_RESOURCES} --generate-source --internal --c-name belltower_${name} --sourcedir ${folder}
			--target ${out} ${list}
		DEPENDS ${list} ${paths})
	set_source_files_properties(${out} PROPERTIES COMPILE_OPTIONS "-w")
endfunction()

# belltower_protobuf(TARGET x.proto [FOLDER]): makes x.pb-c.h and x.pb-c.c of a .proto file. What protoc-c writes is compiled by itself,
# without our warnings.
function(belltower_protobuf target file)
	get_filename_component(stem ${file} NAME_WE)
	set(base ${CMAKE_CURRENT_BINARY_DIR}/${stem}.pb-c)
	set(folder ${CMAKE_CURRENT_SOURCE_DIR} ${ARGN})
	list(GET folder -1 folder)
	add_custom_command(OUTPUT ${base}.h ${base}.c
		COMMAND ${PROTOC_C} --c_out=${CMAKE_CURRENT_BINARY_DIR} --proto_path=${folder} ${file}
		DEPENDS ${folder}/${file})
	target_sources(${target} PRIVATE ${base}.c ${base}.h)
	set_source_files_properties(${base}.c PROPERTIES COMPILE_OPTIONS -w)
	target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
	target_link_libraries(${target} PUBLIC PkgConfig::PROTOBUF_C)
endfunction()

# belltower_texts(TARGET texts.yaml): makes OWNER_texts.h and OWNER_texts.c, with the table texts_OWNER, of the texts of
# the folder OWNER; a missing language or placeholder does not build. One test reads all tables (BELLTOWER_TEXTS).
function(belltower_texts target file)
	get_filename_component(owner ${CMAKE_CURRENT_SOURCE_DIR}/${file} DIRECTORY)
	get_filename_component(owner ${owner} NAME)
	set(base ${CMAKE_CURRENT_BINARY_DIR}/${owner}_texts)
	add_custom_command(OUTPUT ${base}.h ${base}.c
		COMMAND belltower_textgen ${owner} ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${base}
		DEPENDS belltower_textgen ${CMAKE_CURRENT_SOURCE_DIR}/${file})
	target_sources(${target} PRIVATE ${base}.c ${base}.h)
	target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
	target_link_libraries(${target} PUBLIC belltower_team)
	set_property(GLOBAL APPEND PROPERTY BELLTOWER_TEXTS ${owner})
	set_property(GLOBAL APPEND PROPERTY BELLTOWER_TEXTS_TARGETS ${target})
endfunction()

# belltower_unit(NAME SOURCES test_x.c [LINK lib…]): one cmocka program, one test of the same name for ctest.
function(belltower_unit name)
	cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
	add_executable(${name} ${ARG_SOURCES})
	target_link_libraries(${name} PRIVATE belltower_flags PkgConfig::CMOCKA ${ARG_LINK})
	target_compile_definitions(${name} PRIVATE TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" SOURCE_ROOT="${PROJECT_SOURCE_DIR}")
	add_test(NAME ${name} COMMAND ${name})
	set_tests_properties(${name} PROPERTIES TIMEOUT 120 LABELS unit ENVIRONMENT G_DEBUG=fatal-criticals)
endfunction()
