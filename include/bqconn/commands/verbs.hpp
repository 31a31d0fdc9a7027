// The verbs, one function and source file each: settings → calls → result. Each throws Error.
#pragma once

#include "bqconn/commands/context.hpp"
#include "bqconn/commands/task.hpp"

namespace bqconn::commands {

void check(Context& context, const Task& task);
void create(Context& context, const Task& task);
void list(Context& context, const Task& task);
void get(Context& context, const Task& task);
void test(Context& context, const Task& task);
void explore(Context& context, const Task& task);
void update(Context& context, const Task& task);
void remove(Context& context, const Task& task);  // bqconn delete
void auth_google(Context& context, const Task& task);
void sandboxes(Context& context, const Task& task);
void auth_token(Context& context, const Task& task);
void auth_status(Context& context, const Task& task);
void auth_clear(Context& context, const Task& task);
void init(Context& context, const Task& task);
void show_config(Context& context, const Task& task);  // bqconn config

}  // namespace bqconn::commands
