#include "bqconn/output/format.hpp"

namespace bqconn::output {

std::optional<Format> parse_format(std::string_view word, bool out_is_terminal) {
    if (word == "auto") {
        return out_is_terminal ? Format::text : Format::json;
    }
    if (word == "text") {
        return Format::text;
    }
    if (word == "json") {
        return Format::json;
    }
    if (word == "id") {
        return Format::id;
    }
    if (word == "env") {
        return Format::env;
    }
    return std::nullopt;
}

}  // namespace bqconn::output
