// bqconn explore: lists tables, or the columns or sample rows of one table.
#include "bqconn/flow/explore.hpp"

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

// `id` is empty if the connection is selected by --name.
struct Operands {
    std::vector<std::string> id;
    std::optional<std::string> table;
};

Operands operands_of(const Task& task) {
    Operands operands;
    auto next = task.operands.begin();
    if (!task.settings.has(config::Setting::name) && next != task.operands.end()) {
        operands.id.push_back(*next++);
    }
    if (next != task.operands.end()) {
        operands.table = *next++;
    }
    if (next != task.operands.end()) {
        throw Error(ExitCode::usage, "usage.unexpected_argument", "too many arguments",
                    "pass an ID or --name, and at most one table");
    }
    if (operands.table && (operands.table->empty() || has_control_character(*operands.table) ||
                           !is_utf8(*operands.table))) {
        throw Error(ExitCode::usage, "usage.invalid_value", "invalid table name",
                    "write it as DATASET.TABLE");
    }
    return operands;
}

void explore(Context& context, const Task& task) {
    const Operands operands = operands_of(task);
    const bool preview = task.has(Flag::preview);
    if (preview && !operands.table) {
        throw Error(ExitCode::usage, "usage.missing_table", "--preview needs a table",
                    "specify one as DATASET.TABLE; without --preview the tables are listed");
    }
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const std::string id = target_id(service, {.settings = task.settings,
                                               .flags = task.flags,
                                               .operands = operands.id,
                                               .format = task.format});
    try {
        const output::Style style = context.console.style();
        context.console.show(
            task.format,
            operands.table ? output::render(flow::read_table(service, id, *operands.table, preview),
                                            preview, task.format, style)
                           : output::render(flow::read_tables(service, id), task.format, style));
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found && error.exit_code() != ExitCode::rejected) {
            throw;
        }
        // Either the connection or the table may be missing; this throws if it is the connection.
        read_target(service, id);
        throw Error(error.exit_code(), error.code(), error.message(),
                    operands.table ? "list the tables: bqconn explore " + id
                                   : "test the credentials: bqconn test " + id)
            .answered_as(error);
    }
}

}  // namespace

Verb explore_verb() {
    return {
        .name = "explore",
        .summary = "Show the tables a connection can read",
        .usage = "explore (ID | --name NAME) [DATASET.TABLE] [flags]",
        .description =
            "Lists the tables the connection can read or, given a table, its columns and their "
            "types. --preview shows sample rows instead: these are your data, so they are shown "
            "only on request. -o id prints only the names of tables or columns.",
        .examples =
            "  # List the tables\n"
            "  bqconn explore --name Warehouse\n\n"
            "  # Show the columns of one table\n"
            "  bqconn explore --name Warehouse shop.orders\n\n"
            "  # Export sample rows for a spreadsheet\n"
            "  bqconn explore --name Warehouse shop.orders --preview -o csv",
        .switches = {{Flag::preview, "--preview", "Show sample rows of the table"}},
        .settings = with_common({Setting::name}),
        .formats = {Format::text, Format::json, Format::id, Format::csv},
        .operands = {.most = 2, .offers = {Offers::connection_ids, Offers::tables}},
        .run = explore,
    };
}

}  // namespace bqconn::commands
