#include "emulator/document.hpp"

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::emulator {

using json::Json;

void refuse_at(const std::string& place, const std::string& what) {
    throw Error(ExitCode::config, "file.malformed", place + ": " + what,
                "docs/emulator.md describes the format of the file");
}

std::string element(const std::string& place, std::size_t index) {
    return place + "[" + std::to_string(index) + "]";
}

Json parse_document(std::string_view text, const std::string& source) {
    try {
        return json::parse(text, json::DuplicateKeys::refused);
    } catch (const json::ParseError& error) {
        // Line 0: the whole document.
        const std::string place = error.line() == 0 ? std::string()
                                                    : ":" + std::to_string(error.line()) + ":" +
                                                          std::to_string(error.column());
        refuse_at(source + place, error.what());
    }
}

void check_object(const Json& document, const std::string& place) {
    if (!document.is_object()) {
        refuse_at(place, "must be an object");
    }
}

const Json& array_at(const Json& document, const char* key, const std::string& place) {
    const auto found = document.is_object() ? document.find(key) : document.end();
    if (found == document.end() || !found->is_array()) {
        refuse_at(place, std::string("must be an object with the array ") + key);
    }
    return *found;
}

std::string name_at(const Json& document, const char* key, const std::string& place,
                    const char* what) {
    auto name = json::string_at(document, key);
    if (name.empty() || has_control_character(name)) {
        refuse_at(place + "." + key, std::string("must be ") + what);
    }
    return name;
}

}  // namespace bqconn::emulator
