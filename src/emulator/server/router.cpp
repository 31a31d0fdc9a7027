#include "emulator/server/router.hpp"

#include <optional>
#include <utility>

#include "bqconn/core/text.hpp"

namespace bqconn::emulator {
namespace {

// The match for each {} of `pattern`; none if `path` does not match.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    if (wanted.size() != given.size()) {
        return std::nullopt;
    }
    std::vector<std::string> captures;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::string segment = percent_decode(given[i], false);
        if (wanted[i] == "{}" && !segment.empty()) {
            captures.push_back(std::move(segment));
        } else if (wanted[i] != segment) {
            return std::nullopt;
        }
    }
    return captures;
}

}  // namespace

Router::Found Router::find(std::string_view method, std::string_view path) const {
    Found found;
    for (const Route& route : routes_) {
        auto captures = match(route.pattern, path);
        if (captures && route.method == method) {
            return {.route = &route, .captures = std::move(*captures)};
        }
        if (captures) {
            found.allowed += (found.allowed.empty() ? "" : ", ") + route.method;
        }
    }
    return found;
}

}  // namespace bqconn::emulator
