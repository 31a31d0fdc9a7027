// Registers the secrets of a run with its console, which redacts them from all output.
#pragma once

#include "bqconn/config/resolve.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

// Secrets typed or found in the environment, even if unused.
inline void hide_secrets(output::Console& console, const config::Typed& typed,
                         const config::Environment& environment) {
    for (const auto& [setting, values] : typed) {
        for (const auto& value : values) {
            // @FILE names a file: a message about it must show the name.
            if (config::spec_of(setting).takes == config::Takes::secret &&
                !value.reveal().starts_with('@')) {
                console.hide(value);
            }
        }
    }
    for (const auto& [name, value] : environment) {
        const auto variable = config::find_variable(name);
        if (variable && variable->spec->takes == config::Takes::secret && !variable->is_file_twin) {
            console.hide(value);
        }
    }
}

// Secrets in the resolved settings, including those read from files.
inline void hide_secrets(output::Console& console, const config::Settings& settings) {
    for (const auto& spec : config::all_settings()) {
        if (spec.takes == config::Takes::secret && settings.has(spec.setting)) {
            console.hide(settings.secret(spec.setting));
        }
    }
    if (settings.key()) {
        console.hide(settings.key()->text);
        console.hide(settings.key()->private_key);
    }
}

}  // namespace bqconn::cli
