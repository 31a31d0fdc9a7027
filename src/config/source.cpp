#include "bqconn/config/source.hpp"

#include "bqconn/core/inert.hpp"

namespace bqconn::config {
namespace {

std::string in_file(const Source& source) {
    std::string text = inert_line(source.file);
    if (source.line > 0) {
        text += ":" + std::to_string(source.line);
    }
    return source.name.empty() ? text : text + ": " + source.name;
}

}  // namespace

std::string describe(const Source& source) {
    switch (source.kind) {
        case Source::Kind::fallback:
            return "default";
        case Source::Kind::environment:
            return source.name + " (environment)";
        case Source::Kind::flag:
            return source.name;
        case Source::Kind::profile:
        case Source::Kind::credentials:
        case Source::Kind::env_file:
            break;
    }
    return in_file(source);
}

}  // namespace bqconn::config
