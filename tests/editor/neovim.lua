-- Run by test_neovim.py: opens the Dockerfile of the working folder, waits for its diagnostics, changes and saves it,
-- asks for hover, lenses and code actions, makes the first fix, and writes all that as JSON to the file that FOUND names.

local function wait(why, holds)
  if not vim.wait(60000, holds, 50) then
    error('waited in vain: ' .. why)
  end
end

local function codes(buffer)
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, { code = each.code, line = each.lnum, severity = each.severity, message = each.message })
  end
  return found
end

local function has(buffer, code)
  return function()
    for _, each in ipairs(vim.diagnostic.get(buffer)) do
      if each.code == code then return true end
    end
    return false
  end
end

local function ask(buffer, method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000)
  for _, answer in pairs(answers or {}) do
    if answer.err then error(vim.inspect(answer.err)) end
    return answer.result
  end
end

local function main(found)
  vim.cmd('edit Dockerfile')
  local buffer = vim.api.nvim_get_current_buf()
  found.filetype = vim.bo.filetype
  local config = { name = 'fromlint', cmd = { vim.env.FROMLINT, 'lsp' }, root_dir = vim.fn.getcwd() }
  local client
  if vim.lsp.start then
    client = vim.lsp.start(config)
  else
    -- Neovim 0.7, as in Debian 12.
    client = vim.lsp.start_client(config)
    vim.lsp.buf_attach_client(buffer, client)
  end
  local document = { uri = vim.uri_from_bufnr(buffer) }
  wait('diagnostics on opening', has(buffer, 'FL201'))
  found.opened = codes(buffer)

  vim.api.nvim_buf_set_lines(buffer, -1, -1, false, { 'RUN git clone https://example.org/x' })
  wait('diagnostics on a change', has(buffer, 'FL206'))
  vim.cmd('write')
  wait('diagnostics on saving', has(buffer, 'FL206'))
  found.saved = codes(buffer)

  local start = { line = 0, character = 6 }
  found.hover = ask(buffer, 'textDocument/hover', { textDocument = document, position = start }).contents.value
  found.lenses = ask(buffer, 'textDocument/codeLens', { textDocument = document })
  local install = { line = 3, character = 0 }
  local actions = ask(buffer, 'textDocument/codeAction', {
    textDocument = document,
    range = { start = install, ['end'] = install },
    context = { diagnostics = {} },
  })
  found.actions = {}
  for _, each in ipairs(actions) do table.insert(found.actions, each.title) end

  local client_object = vim.lsp.get_client_by_id(client)
  vim.lsp.util.apply_workspace_edit(actions[1].edit, client_object.offset_encoding)
  found.fixed = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  wait('the fix to help', function() return not has(buffer, 'FL201')() end)
  vim.cmd('write')

  vim.cmd('edit requirements.txt')
  local requirements = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(requirements, client)
  wait('diagnostics in the requirements', has(requirements, 'FL107'))
  found.requirements = codes(requirements)
  vim.lsp.stop_client(client)
end

local found = {}
local fine, fault = pcall(main, found)
if not fine then found.fault = tostring(fault) end
local file = assert(io.open(vim.env.FOUND, 'w'))
file:write(vim.fn.json_encode(found))
file:close()
vim.cmd('qall!')
