// Flow Service: how flows progress over time, their actions, and runs on demand.
#include <algorithm>
#include <limits>
#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/dataflows.hpp"

namespace bqconn::emulator {
namespace {

ResourcePointer add_run(const Json& flow, const PendingRun& run, const Json& content,
                        const Call& call) {
    constexpr std::string_view service = "acp_foundation_connectors";
    const std::string user = std::string(service) + "@AdobeID";
    Json document = new_resource(std::string(service), call.options);
    document.erase("state");
    document.update(
        {{"createdBy", user},
         {"updatedBy", user},
         {"createdAt", run.start},
         {"flowId", flow.at("id")},
         {"flowSpec", flow.at("flowSpec")},
         {"providerRefId", "M-" + flow.at("id").get<std::string>() + ":" + random_uuid()}});
    document.update(content);
    return call.store.add(Kind::run, *call.sandbox, std::move(document));
}

std::string state_of(const FlowProgress& progress, std::int64_t now) {
    const bool settled = progress.settles_at <= now;
    return progress.enabled ? (settled ? "enabled" : "enabling")
                            : (settled ? "disabled" : "disabling");
}

// `content` is that of the run's document.
Json run_details(const std::string& id, const Json& content) {
    const Json& metrics = content.at("metrics");
    Json details = metrics.at("durationSummary");
    details.update({{"id", id}, {"state", metrics.at("statusSummary").at("status")}});
    return details;
}

void add_made_up_runs(const Json& flow, FlowProgress& progress, const Call& call) {
    constexpr std::int64_t apart = 60'000;
    for (std::size_t i = call.options.runs; i > 0; --i) {
        const std::int64_t before = static_cast<std::int64_t>(i) * apart;
        const PendingRun run{.start = flow.at("createdAt").get<std::int64_t>() - before};
        const Json content = made_up_run(flow, run, run.start + apart / 2, i);
        progress.last_run = run_details(add_run(flow, run, content, call)->at("id"), content);
    }
}

FlowProgress& progress_of(const Json& flow, const Call& call) {
    const auto [found, is_new] = call.dataflows.progress.try_emplace(flow.at("id"));
    FlowProgress& progress = found->second;
    if (is_new) {
        progress.settles_at = flow.at("createdAt").get<std::int64_t>() + run_time(call);
        if (call.dataflows.progress.size() == 1) {
            add_made_up_runs(flow, progress, call);
        }
    }
    return progress;
}

ResourcePointer start_run(const Json& flow, FlowProgress& progress, PendingRun run,
                          const Call& call) {
    const Json content = unfinished_run(flow, run);
    auto added = add_run(flow, run, content, call);
    run.id = added->at("id");
    progress.last_run = run_details(run.id, content);
    progress.pending.push_back(std::move(run));
    return added;
}

// When the next scheduled run starts, even if that is in the future.
std::int64_t next_start(const Schedule& schedule, const FlowProgress& progress) {
    const std::int64_t earliest = std::max(schedule.start, progress.settles_at);
    if (!progress.last_start) {
        return earliest;
    }
    if (schedule.interval == 0) {
        return std::numeric_limits<std::int64_t>::max();
    }
    const std::int64_t after = std::max(*progress.last_start + 1, earliest);
    const std::int64_t intervals =
        (after - schedule.start + schedule.interval - 1) / schedule.interval;
    return schedule.start + intervals * schedule.interval;
}

void start_due_runs(const Json& flow, FlowProgress& progress, std::int64_t now, const Call& call) {
    const Schedule schedule = read_schedule(flow.at("scheduleParams"));
    const Json& delta = json::member(transformation_params(flow, "Copy"), "deltaColumn");
    for (int started = 0; started < most_runs_per_request; ++started) {
        const std::int64_t start = next_start(schedule, progress);
        if (start > now) {
            return;
        }
        PendingRun run{.start = start};
        if (schedule.interval != 0) {
            if (!progress.last_start) {
                progress.copied_until = schedule.backfill ? 0 : schedule.start;
            }
            run.delta_column = json::string_at(delta, "name");
            run.window = Window{progress.copied_until, start};
        }
        start_run(flow, progress, std::move(run), call);
        progress.last_start = start;
        progress.copied_until = start;
    }
}

void settle_runs(const Json& flow, FlowProgress& progress, std::int64_t now, const Call& call) {
    std::vector<PendingRun> left;
    for (PendingRun& run : progress.pending) {
        if (run.start + run_time(call) <= now) {
            const Json content = execute_run(flow, run, call);
            call.store.amend(Kind::run, *call.sandbox, run.id, content);
            if (progress.last_run.at("id") == run.id) {
                progress.last_run = run_details(run.id, content);
            }
        } else {
            left.push_back(std::move(run));
        }
    }
    progress.pending = std::move(left);
}

void advance(const Json& flow, const Call& call) {
    FlowProgress& progress = progress_of(flow, call);
    const std::int64_t now = flow_time(flow, call);
    if (progress.is_enabled(now)) {
        start_due_runs(flow, progress, now, call);
    }
    settle_runs(flow, progress, now, call);
    Json shown = {{"state", state_of(progress, now)}};
    if (!progress.last_run.is_null()) {
        shown["lastRunDetails"] = progress.last_run;
    }
    // A concurrent PATCH may have stored an older state again.
    if (flow.at("state") != shown.at("state") ||
        json::member(flow, "lastRunDetails") != progress.last_run) {
        call.store.amend(Kind::flow, *call.sandbox, flow.at("id"), shown);
    }
}

// --- Actions: POST …/action?op=…

std::string action_of(const Call& call) {
    return to_lower_ascii(parameter(call.request.query, "op"));
}

Refused unknown_action() {
    return invalid_request("1453-400", "Invalid query value op provided in query param.");
}

Answer change_state(const Call& call) {
    const std::lock_guard lock(call.dataflows.mutex);
    const auto flow = resource_in_path(call, Kind::flow);
    const std::string action = action_of(call);
    const bool enables = action == "enable";
    if (!enables && action != "disable") {
        throw unknown_action();
    }
    FlowProgress& progress = progress_of(*flow, call);
    const std::int64_t now = flow_time(*flow, call);
    const std::string why =
        "The action " + action + " is not possible: the flow is " + state_of(progress, now) + ".";
    refuse_if(progress.settles_at > now, "1422-400", why);
    refuse_if(progress.enabled == enables, enables ? "1420-400" : "1421-400", why);
    FlowProgress next = progress;
    next.enabled = enables;
    next.settles_at = now + run_time(call);
    Json changed = *flow;
    changed["state"] = state_of(next, now);
    const auto stored = call.store.replace(Kind::flow, *call.sandbox, std::move(changed));
    refuse_if(!stored, "1422-400", "The flow is being changed by another request.");
    progress = std::move(next);
    return json_answer(200, {{"id", stored->at("id")}, {"etag", stored->at("etag")}});
}

Answer repeat_run(const Call& call) {
    const std::lock_guard lock(call.dataflows.mutex);
    const auto old = resource_in_path(call, Kind::run);
    if (action_of(call) != "re-trigger") {
        throw unknown_action();
    }
    const Json& metrics = old->at("metrics");
    const Json& status = metrics.at("statusSummary").at("status");
    const bool is_empty =
        json::integer_at(json::member(metrics, "recordSummary"), "inputRecordCount") == 0;
    refuse_if(status != "failed" && (status != "success" || !is_empty), "1387-400",
              "Only a failed run, or one without records, can be triggered again.");
    const auto flow = find_resource(call, Kind::flow, old->at("flowId"), 400);
    FlowProgress& progress = progress_of(*flow, call);
    const std::int64_t now = flow_time(*flow, call);
    refuse_if(!progress.is_enabled(now), "1388-400", "The flow of the run is not enabled.");
    PendingRun run{.start = now};
    const Json& extensions =
        json::member(old->at("activities").front().at("durationSummary"), "extensions");
    if (!extensions.is_null()) {
        run.window = Window{extensions.at("windowStart"), extensions.at("windowEnd")};
        const Json& delta = json::member(transformation_params(*flow, "Copy"), "deltaColumn");
        run.delta_column = json::string_at(delta.is_null() ? progress.delta_column : delta, "name");
    }
    const auto added = start_run(*flow, progress, std::move(run), call);
    return json_answer(200, {{"id", added->at("id")}, {"etag", added->at("etag")}});
}

// --- POST /runs

// Epoch milliseconds.
std::int64_t seconds_at(const Json& params, const char* name) {
    constexpr std::int64_t second = 1000;
    constexpr std::int64_t most = 1'000'000'000'000;
    const auto value = lenient_integer(json::member(params, name));
    refuse_if(!value || *value < 0 || *value > most, "1380-400",
              "params." + std::string(name) + " must be a time in epoch seconds.");
    return *value * second;
}

Answer post_run(const Call& call) {
    const Json body = check_json_body(call.request);
    const std::lock_guard lock(call.dataflows.mutex);
    const std::string id = json::string_at(body, "flowId");
    if (id.empty()) {
        throw invalid_body("flowId is missing");
    }
    const auto flow = find_resource(call, Kind::flow, id, 400);
    FlowProgress& progress = progress_of(*flow, call);
    refuse_if(read_schedule(flow->at("scheduleParams")).interval != 0, "1386-400",
              "Only flows with the frequency once run on demand.");
    const std::int64_t now = flow_time(*flow, call);
    refuse_if(!progress.is_enabled(now), "1422-400",
              "The flow is " + state_of(progress, now) + ".");
    const Json& params = json::member(body, "params");
    seconds_at(params, "startTime");  // required, but the run starts at once
    PendingRun run{.start = now,
                   .window = Window{seconds_at(params, "windowStartTime"),
                                    seconds_at(params, "windowEndTime")}};
    refuse_if(run.window->from >= run.window->to, "1381-400",
              "windowStartTime must be before windowEndTime.");
    const Json& given = json::member(params, "deltaColumn");
    const Json& delta = given.is_null() ? progress.delta_column : given;
    run.delta_column = json::string_at(delta, "name");
    refuse_if(run.delta_column.empty(), "1383-400",
              "The first run on demand requires params.deltaColumn.name.");
    refuse_if(!progress.delta_column.is_null() && delta != progress.delta_column, "1382-400",
              "params.deltaColumn is not the delta column of the first run.");
    progress.delta_column = delta;
    const auto added = start_run(*flow, progress, std::move(run), call);
    return json_answer(201, {{"items", {{{"id", added->at("id")}, {"etag", added->at("etag")}}}}});
}

}  // namespace

void advance_dataflows(const Call& call) {
    const std::lock_guard lock(call.dataflows.mutex);
    const Page flows =
        call.store.page(Kind::flow, *call.sandbox, {}, 0, std::numeric_limits<std::size_t>::max());
    for (const auto& flow : flows.resources) {
        advance(*flow, call);
    }
}

std::int64_t run_time(const Call& call) {
    return std::chrono::milliseconds(call.options.run_time).count();
}

std::int64_t flow_time(const Json& flow, const Call& call) {
    const std::int64_t created = flow.at("createdAt");
    return created + (call.store.now() - created) * static_cast<std::int64_t>(call.options.speed);
}

void add_run_routes(Routes& routes) {
    add_resource_routes(routes, {.kind = Kind::run, .read_only = true});
    routes.push_back({"POST " + flow_service_path + "/runs", Access::sandbox, post_run});
    routes.push_back(
        {"POST " + flow_service_path + "/runs/{}/action", Access::sandbox, repeat_run});
    routes.push_back(
        {"POST " + flow_service_path + "/flows/{}/action", Access::sandbox, change_state});
}

}  // namespace bqconn::emulator
