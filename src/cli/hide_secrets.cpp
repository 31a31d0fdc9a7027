#include "cli/hide_secrets.hpp"

namespace bqconn::cli {

void hide_secrets(output::Console& console, const config::Typed& typed,
                  const config::Environment& environment) {
    for (const auto& [setting, values] : typed) {
        if (config::spec_of(setting).takes == config::Takes::secret) {
            for (const auto& value : values) {
                // @FILE names a file: a message about it must show the name.
                if (!value.reveal().starts_with('@')) {
                    console.hide(value);
                }
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

void hide_secrets(output::Console& console, const config::Settings& settings) {
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
