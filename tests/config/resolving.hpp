// Shared by the tests of resolve(): arguments and environment in one line.
#pragma once

#include <initializer_list>
#include <sstream>
#include <string>
#include <utility>

#include "bqconn/config/resolve.hpp"

namespace bqconn::config {

inline Environment environment_with(
    std::initializer_list<std::pair<const char*, std::string>> pairs) {
    Environment environment;
    for (const auto& [name, value] : pairs) {
        environment.emplace(name, Secret(value));
    }
    return environment;
}

inline Typed typed_with(std::initializer_list<std::pair<Setting, std::string>> pairs) {
    Typed typed;
    for (const auto& [setting, value] : pairs) {
        typed[setting].emplace_back(value);
    }
    return typed;
}

inline Settings resolve_with(const Typed& typed, const Environment& environment,
                             const std::string& input = "") {
    std::istringstream in(input);
    return resolve(typed, environment, in);
}

}  // namespace bqconn::config
