// bqconn list: lists the connections of the sandbox, page by page.
#include <algorithm>

#include "bqconn/commands/verb.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using flow::Connection;

struct Order {
    std::string by_service;  // the service's sort key; empty: bqconn sorts
    bool backwards = false;
    std::size_t column = 0;  // never dropped from the table
};

// The service is known to sort only by name and creation time.
Order order_of(const config::Settings& settings) {
    std::string word = settings.text_or_default(Setting::sort);
    const bool backwards = word.starts_with('-');
    word = word.substr(backwards ? 1 : 0);
    const std::string sign = backwards ? "-" : "";
    if (word == "name") {
        return {sign + "name", backwards, output::name_column};
    }
    if (word == "created") {
        return {sign + "createdAt", backwards, output::created_column};
    }
    return {"", backwards, output::updated_column};
}

void list(Context& context, const Task& task) {
    constexpr int page_size = 100;
    const Order order = order_of(task.settings);
    const std::size_t limit = task.limit();
    const flow::ConnectionQuery query{.name = task.settings.text_if_set(Setting::name),
                                      .state = task.settings.text_if_set(Setting::state),
                                      .all_sources = task.has(Flag::all_sources),
                                      .order_by = order.by_service,
                                      .page_size = page_size};
    // Lines are written as pages arrive, so memory use does not grow with the list.
    const bool streamed =
        (task.format == Format::ndjson || task.format == Format::id) && !order.by_service.empty();
    Session session(context, task.settings, access_of(task.settings));
    std::vector<Connection> kept;
    std::size_t count = 0;
    flow::visit_connections(session.service(), query, [&](std::vector<Connection>& page) {
        if (!order.by_service.empty()) {
            page.resize(std::min(page.size(), limit - count));
        }
        count += page.size();
        if (streamed) {
            context.console.result(output::render(page, task.format, {}));
        } else {
            std::move(page.begin(), page.end(), std::back_inserter(kept));
            context.console.progress(std::to_string(count) + " connections");
        }
        return order.by_service.empty() || count < limit;
    });
    if (streamed) {
        return;
    }
    if (order.by_service.empty()) {
        std::stable_sort(kept.begin(), kept.end(), [&](const auto& a, const auto& b) {
            return order.backwards ? a.updated_at > b.updated_at : a.updated_at < b.updated_at;
        });
        kept.resize(std::min(kept.size(), limit));
    }
    context.console.page(output::render(kept, task.format, context.console.style(), order.column));
}

}  // namespace

Verb list_verb() {
    return {
        .name = "list",
        .summary = "List the Google BigQuery base connections of a sandbox",
        .usage = "list [flags]",
        .description =
            "Lists all Google BigQuery base connections of a sandbox, oldest first. With -o ndjson "
            "(one JSON object per line) or -o id, each page is written as it arrives; if a later "
            "page fails, the lines already written remain.",
        .examples =
            "  # A table on a terminal, a JSON array in a script\n"
            "  bqconn list\n\n"
            "  # Is there one with this name?\n"
            "  bqconn list --name \"Google BigQuery my-project-123\" -o id\n\n"
            "  # Those that are not enabled, however many there are\n"
            "  bqconn list -o ndjson | jq -r 'select(.state != \"enabled\") | .name'\n\n"
            "  # The five changed most recently\n"
            "  bqconn list --sort=-updated --limit 5",
        .switches = {{Flag::all_sources, "--all-sources", "Include connections to other sources"}},
        .settings = with_common({Setting::name, Setting::state, Setting::sort, Setting::limit}),
        .formats = {Format::text, Format::json, Format::ndjson, Format::id},
        .run = list,
    };
}

}  // namespace bqconn::commands
