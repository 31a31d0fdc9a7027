// bqconn auth clear: removes every cached access token.
#include "bqconn/auth/token_cache.hpp"
#include "bqconn/commands/verbs.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {

void auth_clear(Context& context, const Task& task) {
    const std::string folder = token_folder(context);
    const std::size_t count = auth::clear_tokens(folder);
    if (task.format == output::Format::json) {
        context.console.result(json::to_line(json::OrderedJson{{"removed", count}}) + "\n");
        return;
    }
    context.console.result(count == 0 ? "No access tokens are cached.\n"
                                      : "Removed " + std::to_string(count) + " access token" +
                                            (count == 1 ? "" : "s") + " from " + folder + "\n");
}

}  // namespace bqconn::commands
