// The JSON files that a user gives: --bigquery and --lake. Every error is an Error (config) that
// starts with the place, such as "tables.json: datasets[0].tables[1].id", and contains no values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

// `place` names a part of the document.
[[noreturn]] void refuse_at(const std::string& place, const std::string& what);

// "place[0]".
std::string element(const std::string& place, std::size_t index);

// The place of a syntax error is `source`, line and column.
json::Json parse_document(std::string_view text, const std::string& source);

void check_object(const json::Json& document, const std::string& place);

const json::Json& array_at(const json::Json& document, const char* key, const std::string& place);

// The text at `key`. Throws, saying that it must be `what`, if it is empty or not printable.
std::string name_at(const json::Json& document, const char* key, const std::string& place,
                    const char* what);

}  // namespace bqconn::emulator
