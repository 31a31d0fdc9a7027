#include "bqconn/json/parse.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::json {
namespace {

struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

Position position_of(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, std::min(offset, text.size()));
    Position at;
    at.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const auto line_start = before.rfind('\n');
    at.column =
        line_start == std::string_view::npos ? before.size() + 1 : before.size() - line_start;
    return at;
}

// Thrown from a parser callback, where the position is unknown.
struct Refusal {
    std::string reason;
};

class Guard {
  public:
    explicit Guard(DuplicateKeys duplicates) : duplicates_(duplicates) {}

    bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        if (opens && depth >= deepest_level) {
            throw Refusal{"is nested more than " + std::to_string(deepest_level) + " levels deep"};
        }
        if (duplicates_ == DuplicateKeys::refused) {
            check_keys(event, parsed);
        }
        return true;
    }

  private:
    void check_keys(Json::parse_event_t event, const Json& parsed) {
        if (event == Json::parse_event_t::object_start) {
            keys_.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            keys_.pop_back();
        } else if (event == Json::parse_event_t::key &&
                   !keys_.back().insert(parsed.get<std::string>()).second) {
            throw Refusal{"has a duplicate key in one object"};
        }
    }

    DuplicateKeys duplicates_;
    std::vector<std::set<std::string>> keys_;
};

}  // namespace

ParseError::ParseError(std::size_t line, std::size_t column, const std::string& reason)
    : std::runtime_error(reason), line_(line), column_(column) {}

Json parse(std::string_view text, DuplicateKeys duplicates) {
    if (trim_ascii(text).empty()) {
        throw ParseError(0, 0, "is empty");
    }
    // The library takes a NUL for the end and ignores the rest.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        const auto at = position_of(text, nul);
        throw ParseError(at.line, at.column, "contains a NUL byte");
    }
    std::size_t consumed = 0;
    try {
        return Json::parse(text.begin(), text.end(), Guard(duplicates));
    } catch (const Json::parse_error& error) {
        // what() quotes the text, so only the position is used.
        consumed = error.byte > 0 ? error.byte - 1 : 0;
    } catch (const Json::out_of_range&) {
        // what() quotes the number.
        throw ParseError(0, 0, "contains a number that is too large");
    } catch (const Refusal& refusal) {
        throw ParseError(0, 0, refusal.reason);
    }
    const auto at = position_of(text, consumed);
    throw ParseError(at.line, at.column, "is not valid JSON");
}

Json parse_or_null(std::string_view text) {
    try {
        return parse(text);
    } catch (const ParseError&) {
        return nullptr;
    }
}

const Json& member(const Json& value, std::string_view key) {
    static const Json null;
    const auto found = value.is_object() ? value.find(std::string(key)) : value.end();
    return found == value.end() ? null : *found;
}

const Json& array_at(const Json& object, std::string_view key) {
    static const Json empty = Json::array();
    const Json& found = member(object, key);
    return found.is_array() ? found : empty;
}

std::string string_at(const Json& object, std::string_view key, std::string_view fallback) {
    const Json& found = member(object, key);
    return found.is_string() ? found.get<std::string>() : std::string(fallback);
}

std::optional<std::int64_t> integer_at(const Json& object, std::string_view key) {
    const Json& found = member(object, key);
    return found.is_number_integer() ? std::optional(found.get<std::int64_t>()) : std::nullopt;
}

OrderedJson text_or_null(std::string_view text) {
    return text.empty() ? OrderedJson() : OrderedJson(text);
}

std::string to_line(const Json& value) {
    return inert_json(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string to_line(const OrderedJson& value) {
    return inert_json(value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace));
}

std::string to_lines(const OrderedJson& value) {
    return inert_json(value.dump(2, ' ', false, OrderedJson::error_handler_t::replace));
}

}  // namespace bqconn::json
