// Registers the secrets of a run with its console, which redacts them from all output.
#pragma once

#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::commands {

// Hides a secret, or a value that looks like one and may be in the wrong place. File names that do
// not look like secrets stay visible, for messages about the file.
inline void hide_secret(output::Console& console, const Secret& value, bool is_secret) {
    const std::string& text = value.reveal();
    const bool file = text.starts_with('@');
    if ((is_secret && !file) || secret_shape(text)) {
        console.hide(file ? Secret(text.substr(1)) : value);
    }
}

// Hides secrets that were typed or are in the environment, even if unused.
inline void hide_secrets(output::Console& console, const config::Typed& typed,
                         const config::Environment& environment) {
    for (const auto& [setting, values] : typed) {
        for (const auto& value : values) {
            hide_secret(console, value, config::spec_of(setting).takes == config::Takes::secret);
        }
    }
    for (const auto& [name, value] : environment) {
        if (const auto variable = config::find_variable(name)) {
            hide_secret(console, value,
                        variable->spec->takes == config::Takes::secret && !variable->is_file_twin);
        }
    }
}

// Secrets in the environment, even if unused.
inline std::vector<Secret> secrets_of(const config::Environment& environment) {
    std::vector<Secret> secrets;
    for (const auto& [name, value] : environment) {
        const auto variable = config::find_variable(name);
        if (variable && variable->spec->takes == config::Takes::secret && !variable->is_file_twin) {
            secrets.push_back(value);
        }
    }
    return secrets;
}

// Secrets in the resolved settings, including those read from files.
inline std::vector<Secret> secrets_of(const config::Settings& settings) {
    std::vector<Secret> secrets;
    for (const auto& spec : config::all_settings()) {
        if (spec.takes == config::Takes::secret && settings.has(spec.setting)) {
            secrets.push_back(settings.secret(spec.setting));
        }
    }
    if (settings.key()) {
        secrets.push_back(settings.key()->text);
        secrets.push_back(settings.key()->private_key);
    }
    return secrets;
}

inline void hide_secrets(output::Console& console, const config::Settings& settings) {
    for (const auto& secret : secrets_of(settings)) {
        console.hide(secret);
    }
}

}  // namespace bqconn::commands
