// bqconn export: prints a manifest of an existing sandbox.
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/manifest/diff.hpp"
#include "bqconn/manifest/yaml.hpp"
#include "commands/manifests.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

void export_manifest(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    const manifest::State state =
        read_whole_state(task, session, task.settings.text(Setting::sandbox_name));
    std::vector<std::string> warnings;
    manifest::Manifest manifest = manifest_of(state, warnings);
    // Leaves out what the console may redact: the file would be wrong.
    std::erase_if(manifest.objects, [&](const manifest::Object& one) {
        const std::string text = to_yaml(
            to_node(manifest::Manifest{.file = {}, .mark = {}, .sandboxes = {}, .objects = {one}}));
        if (context.console.without_secrets(text) == text) {
            return false;
        }
        warnings.push_back(one.label() + " was left out: it may contain a secret");
        return true;
    });
    for (const auto& warning : warnings) {
        context.console.warning(warning);
    }
    context.console.result("# Exported from sandbox " + state.sandbox +
                           ". The service does not return credentials:\n"
                           "# set the variables named below, or refer to files: {file: PATH}.\n"
                           "# Set mark to a name so that apply --prune recognises what this file "
                           "creates.\n"
                           "# docs/as-code.md describes every key.\n" +
                           manifest::to_yaml(manifest::to_node(manifest)));
}

}  // namespace

Verb export_verb() {
    return {
        .name = "export",
        .summary = "Print a manifest of an existing sandbox",
        .usage = "export [flags]",
        .description =
            "Prints a manifest of a sandbox's connections and dataflows that read Google BigQuery, "
            "for bqconn diff and bqconn apply. It contains no secrets: for apply to send "
            "credentials, set the variables that the manifest refers to, or change the "
            "references. Objects that a manifest cannot describe are left out, with a warning.",
        .examples =
            "  # Start from an existing sandbox\n"
            "  bqconn export --sandbox dev > bqconn.yaml\n\n"
            "  # Show that nothing differs\n"
            "  bqconn export | bqconn diff -",
        .settings = with_common({Setting::parallel}, {Setting::output}),
        .auto_is_text = true,
        .run = export_manifest,
    };
}

}  // namespace bqconn::commands
