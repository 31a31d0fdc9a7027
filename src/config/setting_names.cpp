// The names of settings: flags and variables.
#include <algorithm>
#include <array>
#include <vector>

#include "bqconn/config/settings.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

constexpr std::array<std::string_view, 2> result_variables{"BQCONN_CONNECTION_ID",
                                                           "BQCONN_CONNECTION_ETAG"};

}  // namespace

std::string label_of(Setting setting) {
    const auto& spec = spec_of(setting);
    if (spec.flag.empty()) {
        return std::string(spec.variable);
    }
    if (spec.variable.empty()) {
        return std::string(spec.flag);
    }
    return std::string(spec.flag) + " (" + std::string(spec.variable) + ")";
}

std::optional<Variable> find_variable(std::string_view name) {
    for (const auto& spec : all_settings()) {
        if (spec.variable.empty()) {
            continue;
        }
        if (name == spec.variable) {
            return Variable{&spec, false};
        }
        if (spec.takes == Takes::secret &&
            name == std::string(spec.variable) + std::string(file_twin_suffix)) {
            return Variable{&spec, true};
        }
    }
    return std::nullopt;
}

bool is_result_variable(std::string_view name) {
    return name == result_variables[0] || name == result_variables[1];
}

std::optional<std::string> nearest_variable(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& spec : all_settings()) {
        if (!spec.variable.empty()) {
            names.push_back(spec.variable.substr(variable_prefix.size()));
        }
    }
    // The common prefix would make all names look similar.
    name.remove_prefix(std::min(name.size(), variable_prefix.size()));
    const auto meant = nearest(name, names);
    return meant ? std::optional(std::string(variable_prefix) + *meant) : std::nullopt;
}

}  // namespace bqconn::config
