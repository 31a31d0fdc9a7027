// bqconn auth clear: removes every cached access token.
#include "bqconn/auth/token_cache.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {

namespace {

void auth_clear(Context& context, const Task& task) {
    const std::string folder = token_folder(context);
    const std::size_t count = auth::clear_tokens(folder);
    if (task.format == Format::json) {
        context.console.result(json::to_line(json::OrderedJson{{"removed", count}}) + "\n");
        return;
    }
    context.console.result(count == 0 ? "No access tokens are cached.\n"
                                      : "Removed " + std::to_string(count) + " access token" +
                                            (count == 1 ? "" : "s") + " from " + folder + "\n");
}

}  // namespace

Verb auth_clear_verb() {
    return {
        .name = "auth clear",
        .summary = "Remove the cached access tokens",
        .usage = "auth clear [flags]",
        .description =
            "Removes every access token from $XDG_CACHE_HOME/bqconn, for all profiles. The next "
            "call fetches a new one. No call is made: Adobe keeps accepting the removed tokens "
            "until they expire.",
        .examples =
            "  # Before handing the machine to someone else\n"
            "  bqconn auth clear",
        .settings = {Setting::output},
        .formats = {Format::text, Format::json},
        .run = auth_clear,
    };
}

}  // namespace bqconn::commands
